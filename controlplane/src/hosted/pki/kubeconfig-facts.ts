// Reads the kubeconfig Secret — core
import { decodeBase64 } from '@k0smotron-ts/api'
import { connectionFromSecret, type KubeSecret, parseCertificate, renewAt } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'
import type { KubeconfigFacts } from '../observed.ts'
import type { Credential } from '../render/kubeconfig.ts'

interface Parsed {
  readonly server: string
  readonly certificateAuthority: string
  readonly credential: Credential
}

/** `authority`: PEM text of the cluster's authority; a credential that another one signed opens nothing. */
export function kubeconfigFacts(secret: KubeSecret, authority: string): KubeconfigFacts {
  try {
    connectionFromSecret(Buffer.from(secret.data?.value ?? '', 'base64'), '') // throws where a client could not start
    const { server, certificateAuthority, credential } = parseKubeconfigSecret(secret)
    const certificate = parseCertificate(credential.certificate)
    const isGood =
      certificate.matchesKey(credential.privateKey) && (authority === '' || certificate.isIssuedBy(authority))
    const { notBefore, notAfter } = certificate
    // one that was cut to the end of its authority: another would last no longer
    const isCut = authority !== '' && parseCertificate(authority).notAfter <= notAfter
    const times = { notBefore, notAfter, ...(!isCut && { renewAt: renewAt(certificate) }) }
    return {
      server,
      certificateAuthority,
      ...times,
      ...(!isGood && { fault: 'the credential is not one of this cluster' }),
    }
  } catch {
    return { fault: 'not a kubeconfig with a client certificate' }
  }
}

export function parseKubeconfigSecret(secret: KubeSecret): Parsed {
  const document = load(decodeBase64(secret.data?.value)) as {
    clusters: [{ cluster: Record<string, string> }]
    users: [{ user: Record<string, string> }]
  }
  const [{ cluster }] = document.clusters
  const [{ user }] = document.users
  return {
    server: cluster.server ?? '',
    certificateAuthority: decodeBase64(cluster['certificate-authority-data']),
    credential: {
      certificate: decodeBase64(user['client-certificate-data']),
      privateKey: decodeBase64(user['client-key-data']),
    },
  }
}

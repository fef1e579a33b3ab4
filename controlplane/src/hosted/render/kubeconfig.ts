// The kubeconfig Secret of a cluster — core
import { clusterSecretType, encodeBase64 } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { authorityOf, kubeconfigMetadata, serverURL } from '../facts/kubeconfig.ts'
import type { Observed } from '../observed.ts'

/** A client certificate and its key as PEM text. */
export interface Credential {
  readonly certificate: string
  readonly privateKey: string
}

export function kubeconfigSecret(observed: Observed, credential: Credential): KubeSecret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: kubeconfigMetadata(observed),
    data: { value: encodeBase64(kubeconfigText(observed, credential)) },
  }
}

function kubeconfigText(observed: Observed, { certificate, privateKey }: Credential): string {
  const [cluster, user] = [`${observed.clusterName}-k0s`, `${observed.clusterName}-admin`]
  const context = `${user}@${cluster}`
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: cluster,
        cluster: { server: serverURL(observed), 'certificate-authority-data': encodeBase64(authorityOf(observed)) },
      },
    ],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': encodeBase64(certificate), 'client-key-data': encodeBase64(privateKey) },
      },
    ],
    contexts: [{ name: context, context: { cluster, user } }],
    'current-context': context,
  }
  return dump(kubeconfig, { lineWidth: -1, noRefs: true })
}

// Authorities and leaf certificates that have to be made — shell
import { clusterSecretType, controlPlaneCondition, encodeBase64 } from '@k0smotron-ts/api'
import { Secret } from '@k0smotron-ts/runtime'
import { type Issued, issueCertificateAuthority, issueLeaf, issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'
import { authoritiesOf } from '../../datastore/datastore.ts'
import { hasCertificates, isDue } from '../../facts/certificates.ts'
import { metadataOf } from '../../identity.ts'
import type { Authority, Leaf, Observed, Purpose } from '../../observed.ts'
import { pemOf } from '../../pki/certificate-facts.ts'
import { commonNameOf, leafLifeMs, secretNameOf, validity } from '../../pki/certificate-plan.ts'
import type { Storing } from './store.ts'

const day = 24 * 60 * 60 * 1000

/** Those that are missing while nothing was made with them yet. One of the user's is taken as it is. */
export function authoritiesToStore(observed: Observed): Promise<Storing[]> {
  const missing = authoritiesOf(observed.datastore).filter(authority => !observed.secrets[authority])
  const wanted = observed.datastore.isFormed(observed) ? [] : missing
  return Promise.all(
    wanted.map(async authority => storing(observed, authority, await issueAuthority(authority, observed.now))),
  )
}

async function issueAuthority(authority: Authority, now: Date): Promise<Issued> {
  if (authority !== 'sa') {
    const validityMs = validity.authorityDays * day
    return issueCertificateAuthority({ commonName: commonNameOf(authority), validityMs, now })
  }
  const { publicKey, privateKey } = await issueServiceAccountKey()
  return { certificate: publicKey, privateKey }
}

/** Those that are missing or due; the running pods see a new one without a restart. */
export async function leavesToStore(observed: Observed): Promise<Storing[]> {
  const { authority, leaves } = observed.datastore
  if (!authority || !hasCertificates(observed, authority)) return []
  const wanted = leaves.filter(leaf => !observed.secrets[leaf] || isDue(observed, leaf))
  const { [authority]: secret } = observed.secrets
  const issuer = { certificate: pemOf(secret, 'tls.crt'), privateKey: new Secret(pemOf(secret, 'tls.key')) }
  return Promise.all(wanted.map(async leaf => storing(observed, leaf, await issueLeafOf(observed, leaf, issuer))))
}

function issueLeafOf(observed: Observed, leaf: Leaf, issuer: Issued): Promise<Issued> {
  const { commonName, sans } = observed.datastore.leafContent(observed, leaf)
  return issueLeaf({
    subject: { commonName },
    sans,
    usages: ['serverAuth', 'clientAuth'],
    validityMs: leafLifeMs(observed.spec),
    now: observed.now,
    issuer,
  })
}

/** In the layout that Cluster API's contract gives to certificates. */
function storing(observed: Observed, purpose: Purpose, { certificate, privateKey }: Issued): Storing {
  return {
    purpose,
    concerns: controlPlaneCondition.certificatesAvailable,
    secret: {
      apiVersion: 'v1',
      kind: 'Secret',
      type: clusterSecretType,
      metadata: metadataOf(observed, secretNameOf(observed.names, purpose), 'certificates'),
      data: { 'tls.crt': encodeBase64(certificate), 'tls.key': encodeBase64(privateKey.reveal()) },
    },
  }
}

// Mints authorities and leaf certificates — shell
import { clusterSecretType } from '@k0smotron-ts/api'
import { type KubeSecret, Secret, type Shell } from '@k0smotron-ts/runtime'
import { type Issued, issueCertificateAuthority, issueLeaf, issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'
import { hasCertificates } from '../../../hosted/certificates.ts'
import { metadataOf, namesFor } from '../../../hosted/identity.ts'
import {
  type Authority,
  authorities,
  type Leaf,
  leaves,
  type Observed,
  type Purpose,
} from '../../../hosted/observed.ts'
import { pemOf } from '../../../hosted/pki/certificate-facts.ts'
import { commonNameOf, leafContent, secretNameOf, validity } from '../../../hosted/pki/certificates.ts'
import { type Stored, store } from './store.ts'

const day = 24 * 60 * 60 * 1000

/** Those that are missing. One of the user's is taken as it is. */
export function mintAuthorities(observed: Observed, shell: Shell): Promise<Stored[]> {
  const missing = authorities.filter(authority => !observed.secrets[authority])
  return Promise.all(
    missing.map(async authority => keep(observed, shell, authority, await issueAuthority(authority, observed.now))),
  )
}

async function issueAuthority(authority: Authority, now: Date): Promise<Issued> {
  if (authority !== 'sa') {
    return issueCertificateAuthority({
      commonName: commonNameOf(authority),
      validityMs: validity.authorityDays * day,
      now,
    })
  }
  const { publicKey, privateKey } = await issueServiceAccountKey()
  return { certificate: publicKey, privateKey }
}

/** Those that are missing or have lived two thirds of their life; the running pods see a new one without a restart. */
export async function mintLeaves(observed: Observed, shell: Shell): Promise<Stored[]> {
  if (!hasCertificates(observed, 'etcd')) return []
  const due = leaves.filter(leaf => !observed.secrets[leaf] || isDue(observed, leaf))
  return Promise.all(due.map(async leaf => keep(observed, shell, leaf, await issueLeafOf(observed, leaf))))
}

function isDue({ certificates, now }: Observed, leaf: Leaf): boolean {
  const { renewAt } = certificates[leaf] ?? {}
  return renewAt !== undefined && renewAt <= now
}

function issueLeafOf(observed: Observed, leaf: Leaf): Promise<Issued> {
  const { commonName, sans } = leafContent(observed, leaf)
  const { etcd } = observed.secrets
  return issueLeaf({
    subject: { commonName },
    sans,
    usages: ['serverAuth', 'clientAuth'],
    validityMs: validity.leafDays * day,
    now: observed.now,
    issuer: { certificate: pemOf(etcd, 'tls.crt'), privateKey: new Secret(pemOf(etcd, 'tls.key')) },
  })
}

function keep(observed: Observed, shell: Shell, purpose: Purpose, issued: Issued): Promise<Stored> {
  return store(shell, {
    secret: secretOf(observed, purpose, issued),
    replaces: observed.secrets[purpose],
    purpose,
  })
}

/** In the layout of the contract (CT-C20). */
function secretOf(observed: Observed, purpose: Purpose, { certificate, privateKey }: Issued): KubeSecret {
  const base64 = (pem: string) => Buffer.from(pem).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: metadataOf(observed, secretNameOf(namesFor(observed), purpose), 'certificates'),
    data: { 'tls.crt': base64(certificate), 'tls.key': base64(privateKey.reveal()) },
  }
}

// Certificates of environments: text in, text out, a year long — shell
import { Secret } from '@k0smotron-ts/runtime'
import { type Issued, issueCertificateAuthority, issueLeaf, issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'

const validityMs = 365 * 24 * 3_600_000

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** Who a leaf names, and the addresses at which it may serve; without addresses it is a client's only. */
export interface Subject {
  readonly commonName: string
  readonly organizations?: readonly string[]
  readonly addresses?: readonly string[]
}

/** A self-signed authority. */
export async function createAuthority(commonName: string): Promise<KeyPair> {
  return textOf(await issueCertificateAuthority({ commonName, validityMs, now: new Date() }))
}

/** A leaf that the authority signed, with a new key. */
export async function issue(authority: KeyPair, { addresses = [], ...subject }: Subject): Promise<KeyPair> {
  const leaf = await issueLeaf({
    subject,
    sans: addresses,
    usages: addresses.length > 0 ? ['serverAuth', 'clientAuth'] : ['clientAuth'],
    validityMs,
    now: new Date(),
    issuer: { certificate: authority.cert, privateKey: new Secret(authority.key) },
  })
  return textOf(leaf)
}

/** A key pair that signs tokens: `cert` holds the bare public key. */
export async function createSigningKey(): Promise<KeyPair> {
  const { publicKey, privateKey } = await issueServiceAccountKey()
  return { cert: publicKey, key: privateKey.reveal() }
}

function textOf({ certificate, privateKey }: Issued): KeyPair {
  return { cert: certificate, key: privateKey.reveal() }
}

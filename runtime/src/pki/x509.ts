// The certificate library, loaded when the first certificate is made — shell
import { createHash } from 'node:crypto'
import type { Extension, JsonGeneralNames, JsonName, X509Certificate } from '@peculiar/x509'
import type { CertificateSubject, CertificateUsage } from './certificate.ts'
import { canonicalIp } from './ip-address.ts'

export type Library = typeof import('@peculiar/x509')

/** A tenth of a second and 20 MiB that a process which issues nothing does not spend. */
export async function loadLibrary(): Promise<Library> {
  await import('reflect-metadata') // the library throws without it
  return import('@peculiar/x509')
}

/** Organizations first, as Kubernetes' own tools order them. */
export function subjectName({ commonName, organizations = [] }: CertificateSubject): JsonName {
  const name = commonName === undefined ? [] : [{ CN: [commonName] }]
  return [...organizations.map(organization => ({ O: [organization] })), ...name]
}

/** SubjectPublicKeyInfo in DER. */
type PublicKey = Uint8Array<ArrayBuffer>

export function authorityExtensions(x509: Library, publicKey: PublicKey): Extension[] {
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags
  const identifier = keyIdentifier(publicKey)
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(keyCertSign | cRLSign | digitalSignature, true),
    new x509.SubjectKeyIdentifierExtension(identifier),
    new x509.AuthorityKeyIdentifierExtension(identifier),
  ]
}

/** RFC 7093, method 4 with 160 bits. */
function keyIdentifier(publicKey: PublicKey): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 40)
}

export interface LeafExtensions {
  readonly publicKey: PublicKey
  readonly authority: X509Certificate
  readonly usages: readonly CertificateUsage[]
  readonly sans: readonly string[]
}

export async function leafExtensions(x509: Library, leaf: LeafExtensions): Promise<Extension[]> {
  const { publicKey, authority, usages, sans } = leaf
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(usages.map(usage => x509.ExtendedKeyUsage[usage])),
    new x509.SubjectKeyIdentifierExtension(keyIdentifier(publicKey)),
    await authorityIdentifier(x509, authority),
    ...(sans.length > 0 ? [new x509.SubjectAlternativeNameExtension(sans.map(generalName))] : []),
  ]
}

/** The identifier that the authority gives itself; whoever made it may have computed it in another way. */
async function authorityIdentifier(x509: Library, authority: X509Certificate): Promise<Extension> {
  const own = authority.getExtension(x509.SubjectKeyIdentifierExtension)
  if (own) return new x509.AuthorityKeyIdentifierExtension(own.keyId)
  return x509.AuthorityKeyIdentifierExtension.create(authority.publicKey)
}

const dnsName = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i

/** Names come from users: what is neither a DNS name nor an address is refused, not encoded as well as can be. */
function generalName(san: string): JsonGeneralNames[number] {
  const ip = canonicalIp(san)
  if (ip !== undefined) return { type: 'ip', value: ip }
  if (san.length > 253 || !dnsName.test(san)) {
    throw new Error(`${JSON.stringify(san)} is neither a DNS name nor an IP address`)
  }
  return { type: 'dns', value: san }
}

// What is in the certificates that we issue, as ASN.1 values — core
import { createHash } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509'
import type { CertificateSubject, CertificateUsage } from './certificate.ts'
import { canonicalIp } from './ip-address.ts'
import { IssueError } from './issue-error.ts'

/** DER. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Who signs: its name in its own encoding, because Go compares the bytes, and the identifier of its key. */
export interface IssuerName {
  readonly name: Name
  readonly keyIdentifier: Bytes
}

/** The identifier that the authority gives itself; whoever made it may have computed it in another way. */
export function issuerNameOf(authority: Bytes): IssuerName {
  const { subject: name, extensions, subjectPublicKeyInfo } = AsnConvert.parse(authority, Certificate).tbsCertificate
  const own = extensions?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier)
  if (!own) return { name, keyIdentifier: keyIdentifier(new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo))) }
  return { name, keyIdentifier: new Uint8Array(AsnConvert.parse(own.extnValue, SubjectKeyIdentifier).buffer) }
}

/** Organizations first, as Kubernetes' own tools order them. */
export function subjectName({ commonName, organizations = [] }: CertificateSubject): Name {
  const name = commonName === undefined ? [] : [attribute('2.5.4.3', commonName)]
  return new Name([...organizations.map(organization => attribute('2.5.4.10', organization)), ...name])
}

function attribute(type: string, utf8String: string): RelativeDistinguishedName {
  return new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String }) })])
}

/** RFC 7093, method 4 with 160 bits. */
export function keyIdentifier(publicKey: Bytes): Bytes {
  return new Uint8Array(createHash('sha256').update(publicKey).digest().subarray(0, 20))
}

export function authorityExtensions(own: Bytes): Extension[] {
  const { keyCertSign, cRLSign, digitalSignature } = KeyUsageFlags
  return [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), critical),
    extension(id_ce_keyUsage, new KeyUsage(keyCertSign | cRLSign | digitalSignature), critical),
    ...identifiers(own, own),
  ]
}

export interface LeafExtensions {
  readonly own: Bytes
  readonly issuer: Bytes
  readonly usages: readonly CertificateUsage[]
  readonly sans: readonly string[]
}

const oidOf: Readonly<Record<CertificateUsage, string>> = {
  serverAuth: id_kp_serverAuth,
  clientAuth: id_kp_clientAuth,
}

export function leafExtensions({ own, issuer, usages, sans }: LeafExtensions): Extension[] {
  const names =
    sans.length > 0 ? [extension(id_ce_subjectAltName, new SubjectAlternativeName(sans.map(generalName)))] : []
  return [
    extension(id_ce_basicConstraints, new BasicConstraints(), critical),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), critical),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage(usages.map(usage => oidOf[usage]))),
    ...identifiers(own, issuer),
    ...names,
  ]
}

function identifiers(own: Bytes, issuer: Bytes): Extension[] {
  return [
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(own)),
    extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuer) })),
  ]
}

const critical = true

function extension(extnID: string, value: object, isCritical = false): Extension {
  return new Extension({ extnID, critical: isCritical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

const dnsName = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i

/** Names come from users: what is neither a DNS name nor an address is refused, not encoded as well as can be. */
function generalName(san: string): GeneralName {
  const iPAddress = canonicalIp(san)
  if (iPAddress !== undefined) return new GeneralName({ iPAddress })
  if (san.length > 253 || !dnsName.test(san)) {
    throw new IssueError(`${JSON.stringify(san)} is neither a DNS name nor an IP address`)
  }
  return new GeneralName({ dNSName: san })
}

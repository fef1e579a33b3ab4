// Makes keys and certificates — shell
import { randomBytes, sign, X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  Certificate,
  type Extension,
  Extensions,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import type { Secret } from '../secret.ts'
import { backdatedMs, type CertificateSubject, type CertificateUsage } from './certificate.ts'
import { IssueError } from './issue-error.ts'
import {
  generateKeys,
  printPrivateKey,
  printPublicKey,
  readPrivateKey,
  type SigningKey,
  signingKey,
  spkiOf,
} from './signing-key.ts'
import {
  authorityExtensions,
  type Bytes,
  type IssuerName,
  issuerNameOf,
  keyIdentifier,
  leafExtensions,
  subjectName,
} from './x509.ts'

/** A certificate and its key, both PEM. */
export interface Issued {
  readonly certificate: string
  readonly privateKey: Secret<string>
}

export interface AuthorityRequest {
  readonly commonName: string
  readonly validityMs: number
  readonly now: Date
}

export interface LeafRequest {
  readonly subject: CertificateSubject
  /** DNS names and IP addresses of both families. */
  readonly sans?: readonly string[]
  readonly usages: readonly CertificateUsage[]
  readonly validityMs: number
  readonly now: Date
  /** Ours, or one that a user brings: RSA or EC, in any usual form. */
  readonly issuer: Issued
}

/** A self-signed certificate authority on an EC P-256 key. */
export async function issueCertificateAuthority({ commonName, validityMs, now }: AuthorityRequest): Promise<Issued> {
  const { privateKey, publicKey: key } = await generateKeys()
  const publicKey = spkiOf(key)
  const name = subjectName({ commonName })
  const certificate = signed(signingKey(privateKey), {
    subject: name,
    issuer: name,
    validity: lifeOf(now, new Date(now.getTime() + validityMs)),
    publicKey,
    extensions: authorityExtensions(keyIdentifier(publicKey)),
  })
  return { certificate, privateKey: printPrivateKey(privateKey) }
}

/** A leaf on an EC P-256 key. It does not outlive its issuer; an issuer that is over, is no authority or has another's key is refused. */
export async function issueLeaf(request: LeafRequest): Promise<Issued> {
  const { subject, sans = [], usages, validityMs, now } = request
  const issuer = issuerOf(request.issuer, now)
  const { privateKey, publicKey: key } = await generateKeys()
  const publicKey = spkiOf(key)
  const certificate = signed(issuer.signer, {
    subject: subjectName(subject),
    issuer: issuer.name,
    validity: lifeOf(now, new Date(Math.min(now.getTime() + validityMs, issuer.notAfter.getTime()))),
    publicKey,
    extensions: leafExtensions({ own: keyIdentifier(publicKey), issuer: issuer.keyIdentifier, usages, sans }),
  })
  return { certificate, privateKey: printPrivateKey(privateKey) }
}

/** The pair with which service account tokens are signed and checked. */
export async function issueServiceAccountKey(): Promise<Pick<Issued, 'privateKey'> & { readonly publicKey: string }> {
  const { privateKey, publicKey } = await generateKeys()
  return { privateKey: printPrivateKey(privateKey), publicKey: printPublicKey(publicKey) }
}

interface Issuer extends IssuerName {
  readonly notAfter: Date
  readonly signer: SigningKey
}

/** Several leaves of one authority are often made at once, and reading it takes as long as making one. */
const issuers = new WeakMap<Issued, Issuer>()

function issuerOf(issued: Issued, now: Date): Issuer {
  const issuer = issuers.get(issued) ?? readIssuer(issued)
  issuers.set(issued, issuer)
  if (issuer.notAfter <= now) {
    throw new IssueError(`the certificate authority is over since ${issuer.notAfter.toISOString()}`)
  }
  return issuer
}

function readIssuer({ certificate, privateKey }: Issued): Issuer {
  const x509 = readAuthority(certificate)
  if (!x509.ca) throw new IssueError('the certificate is not one of a certificate authority')
  const key = readPrivateKey(privateKey)
  if (!x509.checkPrivateKey(key)) throw new IssueError('the private key is not the one of the certificate authority')
  return { ...issuerNameOf(new Uint8Array(x509.raw)), notAfter: x509.validToDate, signer: signingKey(key) }
}

function readAuthority(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new IssueError('the certificate authority is not a certificate in PEM form', { cause })
  }
}

function lifeOf(now: Date, notAfter: Date): Validity {
  return new Validity({ notBefore: new Date(now.getTime() - backdatedMs), notAfter })
}

interface Unsigned extends Pick<TBSCertificate, 'subject' | 'issuer' | 'validity'> {
  readonly publicKey: Bytes
  readonly extensions: Extension[]
}

/** PEM text. */
function signed({ privateKey, hash, algorithm }: SigningKey, { publicKey, extensions, ...content }: Unsigned): string {
  const tbsCertificate = new TBSCertificate({
    ...content,
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    subjectPublicKeyInfo: AsnConvert.parse(publicKey, SubjectPublicKeyInfo),
    extensions: new Extensions(extensions),
  })
  const signatureValue = sign(hash, new Uint8Array(AsnConvert.serialize(tbsCertificate)), privateKey)
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: exactly(signatureValue),
  })
  return printCertificate(Buffer.from(AsnConvert.serialize(certificate)))
}

/** RFC 7468: lines of 64 characters. */
function printCertificate(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** Positive, and as long every time. */
function serialNumber(): ArrayBuffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return exactly(serial)
}

/** A Buffer may be a piece of a larger one. */
function exactly(buffer: Uint8Array): ArrayBuffer {
  return new Uint8Array(buffer).buffer
}

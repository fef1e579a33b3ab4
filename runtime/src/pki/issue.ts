// Makes keys and certificates — shell
import { randomBytes, X509Certificate } from 'node:crypto'
import type { X509CertificateCreateWithKeyParams } from '@peculiar/x509'
import type { Secret } from '../secret.ts'
import type { CertificateSubject, CertificateUsage } from './certificate.ts'
import {
  generateKeys,
  printPrivateKey,
  printPublicKey,
  readPrivateKey,
  type SigningKey,
  signingKey,
  spkiOf,
} from './signing-key.ts'
import { authorityExtensions, leafExtensions, loadLibrary, subjectName } from './x509.ts'

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

/** The clocks of those who check may be behind ours. */
const backdatedMs = 300_000

/** A self-signed certificate authority on an EC P-256 key. */
export async function issueCertificateAuthority({ commonName, validityMs, now }: AuthorityRequest): Promise<Issued> {
  const x509 = await loadLibrary()
  const { privateKey, publicKey: key } = await generateKeys()
  const publicKey = spkiOf(key)
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subjectName({ commonName }),
    issuer: subjectName({ commonName }),
    publicKey,
    ...signedBy(signingKey(privateKey)),
    ...lifeOf(now, new Date(now.getTime() + validityMs)),
    extensions: authorityExtensions(x509, publicKey),
  })
  return { certificate: pemText(certificate), privateKey: printPrivateKey(privateKey) }
}

/** A leaf on an EC P-256 key. It does not outlive its issuer; an issuer that is over or has another's key is refused. */
export async function issueLeaf(request: LeafRequest): Promise<Issued> {
  const { subject, sans = [], usages, validityMs, now } = request
  const x509 = await loadLibrary()
  const issuer = readIssuer(request.issuer, now)
  const authority = new x509.X509Certificate(issuer.der)
  const { privateKey, publicKey: key } = await generateKeys()
  const publicKey = spkiOf(key)
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subjectName(subject),
    issuer: authority.subjectName, // in the encoding of the authority: Go compares the bytes
    publicKey,
    ...signedBy(issuer.signer),
    ...lifeOf(now, new Date(Math.min(now.getTime() + validityMs, issuer.notAfter.getTime()))),
    extensions: await leafExtensions(x509, { publicKey, authority, usages, sans }),
  })
  return { certificate: pemText(certificate), privateKey: printPrivateKey(privateKey) }
}

/** The pair with which service account tokens are signed and checked. */
export async function issueServiceAccountKey(): Promise<Pick<Issued, 'privateKey'> & { readonly publicKey: string }> {
  const { privateKey, publicKey } = await generateKeys()
  return { privateKey: printPrivateKey(privateKey), publicKey: printPublicKey(publicKey) }
}

interface Issuer {
  readonly der: Uint8Array<ArrayBuffer>
  readonly notAfter: Date
  readonly signer: SigningKey
}

function readIssuer({ certificate, privateKey }: Issued, now: Date): Issuer {
  const x509 = new X509Certificate(certificate)
  const key = readPrivateKey(privateKey)
  if (!x509.checkPrivateKey(key)) throw new Error('the private key is not the one of the certificate authority')
  if (x509.validToDate <= now) {
    throw new Error(`the certificate authority is over since ${x509.validToDate.toISOString()}`)
  }
  return { der: new Uint8Array(x509.raw), notAfter: x509.validToDate, signer: signingKey(key) }
}

type CreateParams = X509CertificateCreateWithKeyParams

function signedBy({ privateKey, algorithm }: SigningKey): Pick<CreateParams, 'signingKey' | 'signingAlgorithm'> {
  return { signingKey: privateKey, signingAlgorithm: algorithm }
}

function lifeOf(now: Date, notAfter: Date): Pick<CreateParams, 'notBefore' | 'notAfter' | 'serialNumber'> {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40 // positive, and as long every time
  return { notBefore: new Date(now.getTime() - backdatedMs), notAfter, serialNumber: serial.toString('hex') }
}

const pemText = (certificate: { toString(format: 'pem'): string }): string => `${certificate.toString('pem')}\n`

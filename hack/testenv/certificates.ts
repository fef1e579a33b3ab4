// Certificates of the embedded management cluster — shell
import 'reflect-metadata'
import { createPrivateKey, randomBytes, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const { subtle } = globalThis.crypto
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }
const year = 365 * 24 * 3_600_000

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** A self-signed authority. */
export async function createAuthority(commonName: string): Promise<KeyPair> {
  const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    serialNumber: serial(),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  })
  return { cert: certificate.toString('pem'), key: await printKey(keys.privateKey) }
}

/** Who a leaf names, and the addresses at which it may serve; without addresses it is a client's. */
export interface Subject {
  readonly commonName: string
  readonly organizations?: readonly string[]
  readonly addresses?: readonly string[]
}

/** A leaf that the authority signed, with a new key. */
export async function issue(authority: KeyPair, subject: Subject): Promise<KeyPair> {
  const issuer = new X509Certificate(authority.cert)
  const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const signingKey = importKey(authority.key)
  const organizations = subject.organizations ?? []
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    serialNumber: serial(),
    issuer: issuer.subjectName,
    subject: [...organizations.map(name => ({ O: [name] })), { CN: [subject.commonName] }],
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: signatureOf(signingKey),
    extensions: leafExtensions(subject.addresses),
  })
  return { cert: certificate.toString('pem'), key: await printKey(keys.privateKey) }
}

/** A key pair that signs tokens: `cert` holds the bare public key. */
export async function createSigningKey(): Promise<KeyPair> {
  const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const spki = await subtle.exportKey('spki', keys.publicKey)
  return { cert: PemConverter.encode(spki, 'PUBLIC KEY'), key: await printKey(keys.privateKey) }
}

function leafExtensions(addresses: readonly string[] = []): Extension[] {
  const usages =
    addresses.length > 0 ? [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth] : [ExtendedKeyUsage.clientAuth]
  const names = addresses.map(value => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value }))
  return [
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension(usages),
    ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
  ]
}

function isAddress(text: string): boolean {
  return isIP(text) !== 0
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - 5 * 60_000), notAfter: new Date(now + year) }
}

function serial(): string {
  return `01${randomBytes(8).toString('hex')}`
}

async function printKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

/** Any private key in PEM: an authority may be one that a user brought. */
function importKey(pem: string): webcrypto.CryptoKey {
  const key = createPrivateKey(pem)
  const parameters =
    key.asymmetricKeyType === 'rsa'
      ? { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
      : { name: 'ECDSA', namedCurve: curves[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256' }
  return key.toCryptoKey(parameters, true, ['sign'])
}

function signatureOf({ algorithm: { name } }: webcrypto.CryptoKey): { name: string; hash: string } {
  return { name, hash: 'SHA-256' }
}

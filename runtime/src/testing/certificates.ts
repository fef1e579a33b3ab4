// A throw-away CA with a server and a client certificate — shell
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  type Extension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

export interface TestCertificates {
  readonly ca: string
  /** For 127.0.0.1 and `kubernetes.test`. */
  readonly server: TestCertificate
  client(name: string): Promise<TestCertificate>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const hourMs = 3_600_000

interface Issuer {
  readonly certificate: X509Certificate
  readonly keys: webcrypto.CryptoKeyPair
}

export async function testCertificates(): Promise<TestCertificates> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: 'CN=test-ca',
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true)],
  })
  const ca: Issuer = { certificate, keys }
  const names = new SubjectAlternativeNameExtension([
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'kubernetes.test' },
  ])
  return {
    ca: certificate.toString('pem'),
    server: await issue(ca, 'server', [names]),
    client: name => issue(ca, name, []),
  }
}

async function issue(issuer: Issuer, name: string, extensions: Extension[]): Promise<TestCertificate> {
  const keys = await newKeys()
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject: `CN=${name}`,
    issuer: issuer.certificate.subject,
    signingKey: issuer.keys.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions,
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - hourMs), notAfter: new Date(now + hourMs) }
}

// What a certificate says — core
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'

export type CertificateUsage = 'serverAuth' | 'clientAuth'

export interface CertificateSubject {
  readonly commonName?: string
  readonly organizations?: readonly string[]
}

export interface Certificate {
  readonly notBefore: Date
  readonly notAfter: Date
  readonly isCa: boolean
  /** Whether it has signed itself: no other has to be trusted. */
  readonly isRoot: boolean
  /** SHA-256 of the public key: equal exactly when the keys are. */
  readonly publicKeyFingerprint: string
  /** Whether this private key (PKCS#1, SEC1 or PKCS#8) is the certificate's; false too for what is no private key. */
  matchesKey(privateKeyPem: string): boolean
  /** Whether this certificate authority signed it. */
  isIssuedBy(authorityPem: string): boolean
  /** Whether a client that asked for this DNS name would take it. */
  isFor(dnsName: string): boolean
  /** The common name of its subject. */
  readonly commonName: string | undefined
}

/** The clocks of those who check may be behind ours. */
export const backdatedMs = 300_000

/** When we made a certificate of ours. */
export function issuedAt({ notBefore }: Pick<Certificate, 'notBefore'>): Date {
  return new Date(notBefore.getTime() + backdatedMs)
}

/** The first certificate of the text. Throws when there is none, without quoting it: it may be a key. */
export function parseCertificate(pem: string): Certificate {
  const x509 = readX509(pem)
  return {
    get isRoot() {
      return isIssuedBy(x509, x509)
    },
    // costs more than all the rest, and hardly anyone asks
    get publicKeyFingerprint() {
      return fingerprintOf(x509)
    },
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
    isCa: x509.ca,
    matchesKey: privateKeyPem => matchesKey(x509, privateKeyPem),
    isIssuedBy: authorityPem => isIssuedBy(x509, readX509(authorityPem)),
    isFor: dnsName => x509.checkHost(dnsName) !== undefined,
    commonName: /^CN=(.*)$/m.exec(x509.subject)?.[1],
  }
}

/** How many certificates are in the text; only the first is read. */
export function countCertificates(pem: string): number {
  return pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0
}

/** Each certificate of the text as a text of its own. */
export function splitCertificates(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
}

/** When two thirds of its life are over: there is time left to try again. */
export function renewAt({ notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>): Date {
  return new Date(notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3)
}

function readX509(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new Error('not a certificate in PEM form', { cause })
  }
}

function fingerprintOf({ publicKey }: X509Certificate): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

function matchesKey(x509: X509Certificate, privateKeyPem: string): boolean {
  try {
    return x509.checkPrivateKey(createPrivateKey(privateKeyPem))
  } catch {
    return false // not a key, or one with a passphrase: nothing that we could sign with
  }
}

function isIssuedBy(x509: X509Certificate, authority: X509Certificate): boolean {
  return x509.checkIssued(authority) && x509.verify(authority.publicKey)
}

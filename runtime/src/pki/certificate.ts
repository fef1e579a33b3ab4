// What a certificate says — core
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { canonicalIp } from './ip-address.ts'

export type CertificateUsage = 'serverAuth' | 'clientAuth'

export interface CertificateSubject {
  readonly commonName?: string
  readonly organizations?: readonly string[]
}

export interface Certificate {
  readonly subject: Required<Pick<CertificateSubject, 'organizations'>> & CertificateSubject
  /** The issuer's common name. */
  readonly issuer: string | undefined
  readonly serialNumber: string
  /** DNS names and IP addresses, each in one spelling, in the order of the certificate. */
  readonly sans: readonly string[]
  readonly usages: readonly CertificateUsage[]
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
}

/** The first certificate of the text. Throws when there is none, without quoting it: it may be a key. */
export function parseCertificate(pem: string): Certificate {
  const x509 = readX509(pem)
  return {
    // names and fingerprint cost more than all the rest, and hardly anyone asks
    get subject() {
      const { subject } = x509.toLegacyObject()
      return { organizations: all(subject?.O), ...(subject?.CN && { commonName: String(subject.CN) }) }
    },
    get issuer() {
      return all(x509.toLegacyObject().issuer?.CN)[0]
    },
    get isRoot() {
      return isIssuedBy(x509, x509)
    },
    get publicKeyFingerprint() {
      return fingerprintOf(x509)
    },
    serialNumber: x509.serialNumber,
    sans: parseSans(x509.subjectAltName),
    usages: (x509.keyUsage ?? []).flatMap(oid => usageByOid[oid] ?? []),
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
    isCa: x509.ca,
    matchesKey: privateKeyPem => matchesKey(x509, privateKeyPem),
    isIssuedBy: authorityPem => isIssuedBy(x509, readX509(authorityPem)),
  }
}

/** How many certificates are in the text; only the first is read. */
export function countCertificates(pem: string): number {
  return pem.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0
}

/** When two thirds of its life are over: there is time left to try again. */
export function renewAt({ notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>): Date {
  return new Date(notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3)
}

const usageByOid: Readonly<Record<string, CertificateUsage>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
}

function readX509(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new Error('not a certificate in PEM form', { cause })
  }
}

const all = (values: string | readonly string[] | undefined): readonly string[] =>
  values === undefined ? [] : [values].flat()

/** `DNS:a, IP Address:FD00:0:0:0:0:0:0:1`; a name with a comma or a quote in it is a JSON string. */
function parseSans(text: string | undefined): readonly string[] {
  const entries = text?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  return entries.flatMap(entry => {
    const [, kind, value = ''] = /^ ?(DNS|IP Address):(.*)$/.exec(entry) ?? []
    if (kind === 'DNS') return value.startsWith('"') ? String(JSON.parse(value)) : value
    return kind === undefined ? [] : (canonicalIp(value) ?? value)
  })
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

// Makes keys and certificates; openssl and TLS of node judge them — shell
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../secret.ts'
import { parseCertificate } from './certificate.ts'
import { type Issued, issueCertificateAuthority, issueLeaf, issueServiceAccountKey, type LeafRequest } from './issue.ts'

const now = new Date()
const day = 86_400_000
const authorityRequest = { commonName: 'kubernetes-ca', validityMs: 3650 * day, now }
const leafOf = (issuer: Issued, more: Partial<LeafRequest> = {}): LeafRequest => ({
  subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
  usages: ['serverAuth', 'clientAuth'],
  validityMs: 365 * day,
  now,
  issuer,
  ...more,
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pki-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
function file(content: string): string {
  const path = join(folder, `${++files}.pem`)
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })
const verify = (authority: Issued, leaf: Issued): string =>
  openssl('verify', '-x509_strict', '-CAfile', file(authority.certificate), file(leaf.certificate))
const print = ({ certificate }: Issued): string => openssl('x509', '-noout', '-text', '-in', file(certificate))

test('an authority is one in the eyes of openssl', async () => {
  const authority = await issueCertificateAuthority(authorityRequest)
  const text = print(authority)
  expect(verify(authority, authority)).toContain(': OK')
  expect(text).toMatch(/X509v3 Basic Constraints: critical\s+CA:TRUE/)
  expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature, Certificate Sign, CRL Sign/)
  expect(text).toMatch(/X509v3 Subject Key Identifier/)
  expect(text).toMatch(/X509v3 Authority Key Identifier/)
  expect(text).toMatch(/Subject: CN ?= ?kubernetes-ca/)
  expect(text).toContain('ASN1 OID: prime256v1')
  expect(authority.privateKey.reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
})

test('a leaf is what was asked for in the eyes of openssl', async () => {
  const authority = await issueCertificateAuthority(authorityRequest)
  const sans = ['kubernetes.default.svc', '*.etcd.ns.svc', 'api.example.org.', '10.0.0.1', 'FD00:0::1', '::1']
  const subject = { commonName: 'kubernetes-admin', organizations: ['system:masters', 'more'] }
  const leaf = await issueLeaf(leafOf(authority, { subject, sans, usages: ['clientAuth'] }))
  const text = print(leaf)
  expect(verify(authority, leaf)).toContain(': OK')
  expect(text).toMatch(/Subject: O ?= ?system:masters, O ?= ?more, CN ?= ?kubernetes-admin/)
  expect(text).toMatch(/CA:FALSE/)
  expect(text).toMatch(/X509v3 Key Usage: critical\s+Digital Signature\n/)
  expect(text).toMatch(/X509v3 Extended Key Usage: *\n\s+TLS Web Client Authentication\n/)
  expect(text).toContain(
    'DNS:kubernetes.default.svc, DNS:*.etcd.ns.svc, DNS:api.example.org., ' +
      'IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1, IP Address:0:0:0:0:0:0:0:1',
  )
})

test('what was issued lives as long as was asked for', async () => {
  const authority = await issueCertificateAuthority(authorityRequest)
  const leaf = await issueLeaf(leafOf(authority))
  const seconds = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000)
  expect(parseCertificate(leaf.certificate)).toMatchObject({
    notBefore: seconds(now.getTime() - 300_000),
    notAfter: seconds(now.getTime() + 365 * day),
    isCa: false,
  })
  expect(parseCertificate(authority.certificate).isCa).toBe(true)
})

test('serial numbers are positive, 16 bytes and never the same', async () => {
  const authority = await issueCertificateAuthority(authorityRequest)
  const leaves = await Promise.all(Array.from({ length: 20 }, () => issueLeaf(leafOf(authority))))
  const serials = leaves.map(leaf => new X509Certificate(leaf.certificate).serialNumber)
  expect(new Set(serials).size).toBe(20)
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
})

test('times beyond 2049 are written in their own form', async () => {
  const authority = await issueCertificateAuthority({ ...authorityRequest, validityMs: 40 * 365 * day })
  expect(verify(authority, authority)).toContain(': OK')
  const { notAfter } = parseCertificate(authority.certificate)
  expect(notAfter).toEqual(new Date(Math.floor((now.getTime() + 40 * 365 * day) / 1000) * 1000))
})

test('a leaf does not outlive its authority', async () => {
  const authority = await issueCertificateAuthority({ ...authorityRequest, validityMs: 10 * day })
  const leaf = await issueLeaf(leafOf(authority))
  expect(parseCertificate(leaf.certificate).notAfter).toEqual(parseCertificate(authority.certificate).notAfter)
})

describe('an authority that a user brings', () => {
  /** Made by openssl, with a name in several encodings and an identifier of its own. */
  function bring(newKey: readonly string[], convert?: readonly string[]): Issued {
    const keyPath = join(folder, `${++files}.key`)
    openssl(...newKey, '-out', keyPath)
    const config = file(
      '[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n[dn]\nO=Ünïcode Ltd\nOU=a, b + c\nCN=corp root\n' +
        '[ext]\nbasicConstraints=critical,CA:true,pathlen:1\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=0102030405060708\n',
    )
    const certificate = openssl('req', '-x509', '-utf8', '-new', '-key', keyPath, '-config', config, '-days', '30')
    const privateKey = openssl(...(convert ?? ['pkey']), '-in', keyPath)
    return { certificate, privateKey: new Secret(privateKey) }
  }
  const rsa = ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']
  const ec = (curve: string): string[] => ['ecparam', '-name', curve, '-genkey', '-noout']

  test.each<[string, string, () => Issued]>([
    ['RSA, PKCS#8', 'BEGIN PRIVATE KEY', () => bring(rsa)],
    ['RSA, PKCS#1', 'BEGIN RSA PRIVATE KEY', () => bring(rsa, ['rsa', '-traditional'])],
    ['P-256, SEC1', 'BEGIN EC PRIVATE KEY', () => bring(ec('prime256v1'), ['ec'])],
    ['P-384, PKCS#8', 'BEGIN PRIVATE KEY', () => bring(ec('secp384r1'))],
    ['P-384, SEC1', 'BEGIN EC PRIVATE KEY', () => bring(ec('secp384r1'), ['ec'])],
    ['P-521, PKCS#8', 'BEGIN PRIVATE KEY', () => bring(ec('secp521r1'))],
  ])('%s signs', async (_, header, make) => {
    const authority = make()
    expect(authority.privateKey.reveal()).toContain(header)
    const leaf = await issueLeaf(leafOf(authority, { sans: ['a.example.org'] }))
    expect(verify(authority, leaf)).toContain(': OK')
    expect(print(leaf)).toMatch(/Authority Key Identifier: *\n\s+(keyid:)?01:02:03:04:05:06:07:08/)
    expect(parseCertificate(leaf.certificate).isIssuedBy(authority.certificate)).toBe(true)
  })

  test('its name is in the leaf byte for byte', async () => {
    const authority = bring(ec('prime256v1'))
    const leaf = await issueLeaf(leafOf(authority))
    const raw = new X509Certificate(leaf.certificate).raw
    const subject = subjectBytes(new X509Certificate(authority.certificate).raw)
    expect(raw.includes(subject)).toBe(true)
  })

  test.each<[string, () => Issued, string]>([
    [
      'with the key of another',
      () => ({ ...bring(ec('prime256v1')), privateKey: bring(ec('prime256v1')).privateKey }),
      'the private key is not the one of the certificate authority',
    ],
    [
      'with a key behind a passphrase',
      () => bring(ec('prime256v1'), ['ec', '-aes128', '-passout', 'pass:hunter2']),
      'not a private key in PEM form without a passphrase',
    ],
    [
      'with rubbish for a key',
      () => ({ ...bring(ec('prime256v1')), privateKey: new Secret('hunter2') }),
      'not a private key in PEM form without a passphrase',
    ],
  ])('is refused %s', async (_, make, message) => {
    await expect(issueLeaf(leafOf(make()))).rejects.toThrow(message)
  })

  test('is refused when it is no authority: nobody would trust what it signs', async () => {
    const leaf = await issueLeaf(leafOf(await issueCertificateAuthority(authorityRequest)))
    await expect(issueLeaf(leafOf(leaf))).rejects.toThrow('the certificate is not one of a certificate authority')
  })

  test('is refused when it is over', async () => {
    const past = new Date(now.getTime() - 20 * day)
    const authority = await issueCertificateAuthority({ ...authorityRequest, now: past, validityMs: 10 * day })
    await expect(issueLeaf(leafOf(authority))).rejects.toThrow('the certificate authority is over since ')
  })

  test('is refused with a kind of key that nothing here signs with', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    const key = file(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    const certificate = openssl('req', '-x509', '-new', '-key', key, '-subj', '/CN=odd', '-days', '3')
    const odd = { certificate, privateKey: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()) }
    await expect(issueLeaf(leafOf(odd))).rejects.toThrow('a secp256k1 key cannot sign certificates here')
  })
})

/** The DER of the subject, found by its place: version, serial, algorithm, issuer, validity, subject. */
function subjectBytes(certificate: Buffer): Buffer {
  const listing = openssl('asn1parse', '-inform', 'PEM', '-in', file(pemOf(certificate)))
  const lines = listing.split('\n').filter(line => /:d=2 /.test(line))
  const [, offset = '0', header = '0', length = '0'] = /^ *(\d+):d=2 +hl=(\d+) +l= *(\d+)/.exec(lines[5] ?? '') ?? []
  return certificate.subarray(Number(offset), Number(offset) + Number(header) + Number(length))
}

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

test.each(['', 'two words', 'ünïcode.example', 'a..b', '-a.example', 'x'.repeat(254), '1.2.3.4/24', 'a\n.b'])(
  'a subject alternative name %j is refused',
  async san => {
    const authority = await issueCertificateAuthority(authorityRequest)
    const issued = issueLeaf(leafOf(authority, { sans: [san] }))
    await expect(issued).rejects.toThrow('is neither a DNS name nor an IP address')
  },
)

test('a service account key pair signs and checks', async () => {
  const { privateKey, publicKey } = await issueServiceAccountKey()
  const derived = openssl('pkey', '-pubout', '-in', file(privateKey.reveal()))
  expect(derived).toBe(publicKey)
})

// What a certificate says — core
import { beforeAll, expect, test } from 'vitest'
import { parseCertificate, renewAt } from './certificate.ts'
import { type Issued, issueCertificateAuthority, issueLeaf, issueServiceAccountKey } from './issue.ts'

const now = new Date('2026-01-02T03:04:05Z')
const year = 31_536_000_000

let authority: Issued
let other: Issued
let leaf: Issued

beforeAll(async () => {
  authority = await issueCertificateAuthority({ commonName: 'ca', validityMs: 10 * year, now })
  other = await issueCertificateAuthority({ commonName: 'ca', validityMs: 10 * year, now })
  const subject = { commonName: 'node', organizations: ['a', 'b'] }
  leaf = await issueLeaf({ subject, usages: ['clientAuth'], validityMs: year, now, issuer: authority })
})

test('a certificate knows its key', async () => {
  const certificate = parseCertificate(leaf.certificate)
  expect(certificate.matchesKey(leaf.privateKey.reveal())).toBe(true)
  expect(certificate.matchesKey(authority.privateKey.reveal())).toBe(false)
  expect(certificate.matchesKey('no key')).toBe(false)
  expect(certificate.matchesKey((await issueServiceAccountKey()).publicKey)).toBe(false)
})

test('a certificate knows its authority, not by name alone', () => {
  const certificate = parseCertificate(leaf.certificate)
  expect(certificate.isIssuedBy(authority.certificate)).toBe(true)
  expect(certificate.isIssuedBy(other.certificate)).toBe(false)
})

test('fingerprints are those of the keys', () => {
  const fingerprints = [authority, other, leaf].map(
    ({ certificate }) => parseCertificate(certificate).publicKeyFingerprint,
  )
  expect(new Set(fingerprints).size).toBe(3)
  expect(fingerprints[0]).toMatch(/^[0-9a-f]{64}$/)
})

test('of a bundle the first certificate counts', () => {
  expect(parseCertificate(`# corp\n${leaf.certificate}${authority.certificate}`).isCa).toBe(false)
})

test.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  '%j is refused without being quoted',
  text => {
    expect(() => parseCertificate(text)).toThrow(/^not a certificate in PEM form$/)
  },
)

test('a key in the place of a certificate is refused', () => {
  expect(() => parseCertificate(leaf.privateKey.reveal())).toThrow(/^not a certificate in PEM form$/)
})

test('renewal is due at two thirds of its life', () => {
  const notBefore = new Date('2026-01-01T00:00:00Z')
  const notAfter = new Date('2026-01-31T00:00:00Z')
  expect(renewAt({ notBefore, notAfter })).toEqual(new Date('2026-01-21T00:00:00Z'))
})

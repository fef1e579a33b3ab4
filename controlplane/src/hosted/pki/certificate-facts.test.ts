import { type KubeSecret, Secret } from '@k0smotron-ts/runtime'
import { issueCertificateAuthority, issueLeaf, issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Purpose } from '../observed.ts'
import { factsOf, readCertificate } from './certificate-facts.ts'

const now = new Date('2026-05-01T00:00:00Z')
const year = 365 * 24 * 60 * 60 * 1000

const secretOf = (certificate: string, key: string): KubeSecret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: { 'tls.crt': Buffer.from(certificate).toString('base64'), 'tls.key': Buffer.from(key).toString('base64') },
})

async function authority(): Promise<KubeSecret> {
  const issued = await issueCertificateAuthority({ commonName: 'ca', validityMs: 10 * year, now })
  return secretOf(issued.certificate, issued.privateKey.reveal())
}

const pem = ({ data }: KubeSecret, key: 'tls.crt' | 'tls.key') => Buffer.from(data?.[key] ?? '', 'base64').toString()

async function leaf(signer: KubeSecret): Promise<KubeSecret> {
  const issuer = { certificate: pem(signer, 'tls.crt'), privateKey: new Secret(pem(signer, 'tls.key')) }
  const subject = { commonName: 'leaf' }
  const issued = await issueLeaf({ subject, usages: ['clientAuth'], validityMs: year, now, issuer })
  return secretOf(issued.certificate, issued.privateKey.reveal())
}

let ca: KubeSecret
let other: KubeSecret
let good: KubeSecret
let stranger: KubeSecret
let keys: KubeSecret

beforeAll(async () => {
  ;[ca, other] = await Promise.all([authority(), authority()])
  ;[good, stranger] = await Promise.all([leaf(ca), leaf(other)])
  const { publicKey, privateKey } = await issueServiceAccountKey()
  keys = secretOf(publicKey, privateKey.reveal())
})

describe('readCertificate finds that', () => {
  it.each<[string, Purpose, () => KubeSecret, string]>([
    ['a certificate is missing', 'ca', () => secretOf('', pem(ca, 'tls.key')), 'key tls.crt is missing; put it there'],
    ['a key is missing', 'ca', () => secretOf(pem(ca, 'tls.crt'), ''), 'key tls.key is missing; put it there'],
    [
      'a certificate is none',
      'proxy',
      () => secretOf('text', pem(ca, 'tls.key')),
      'tls.crt is not a certificate in PEM',
    ],
    [
      'the key is of another certificate',
      'ca',
      () => secretOf(pem(ca, 'tls.crt'), pem(other, 'tls.key')),
      'tls.key is not the key of tls.crt',
    ],
    ['a leaf stands in for an authority', 'etcd', () => good, 'tls.crt is not a certificate authority'],
    [
      'a key pair has no private key',
      'sa',
      () => secretOf(pem(keys, 'tls.crt'), 'text'),
      'tls.key is not a private key',
    ],
  ])('%s', (_, purpose, secret, fault) => {
    expect(readCertificate(purpose, secret(), ca).fault).toContain(fault)
  })

  it('all is well', () => {
    expect(readCertificate('ca', ca, undefined)).not.toHaveProperty('fault')
    expect(readCertificate('sa', keys, undefined)).toEqual({})
    expect(readCertificate('etcdServer', good, ca)).toMatchObject({ signedByOther: false })
    expect(readCertificate('etcdServer', stranger, ca)).toMatchObject({ signedByOther: true })
  })
})

const ours = { now, isOurs: true, isOfPredecessor: false }

describe('a leaf', () => {
  const notAfter = new Date('2027-05-01T00:00:00Z')
  const renewAt = new Date('2026-12-30T00:00:00Z')

  it('of ours is due at its time, and at once when another authority signed it', () => {
    expect(factsOf({ notAfter, renewAt }, ours)).toEqual({ notAfter, renewAt })
    const signed = { notAfter, renewAt, signedByOther: true }
    expect(factsOf(signed, ours)).toEqual({ notAfter, renewAt: now })
  })

  it("of the user's is never renewed, only found at fault", () => {
    const judging = { ...ours, isOurs: false }
    expect(factsOf({ notAfter, renewAt }, judging)).toEqual({ notAfter })
    expect(factsOf({ notAfter, renewAt, signedByOther: true }, judging).fault).toContain('was not signed by')
    expect(factsOf({ notAfter: now, renewAt }, judging).fault).toBe('expired at 2026-05-01T00:00:00.000Z')
  })
})

it('what belongs to an earlier control plane of the same name is not used, however good it is', () => {
  const notAfter = new Date('2027-05-01T00:00:00Z')
  expect(factsOf({ notAfter }, { now, isOurs: false, isOfPredecessor: true })).toEqual({
    fault: 'belongs to an earlier control plane of this name, and goes with it',
  })
})

// Every fault that a Secret with a certificate or key pair can have, in the words that people read
import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:tls'
import { type KubeSecret, Secret } from '@k0smotron-ts/runtime'
import { issueCertificateAuthority, issueLeaf, issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'
import { expect, it } from 'vitest'
import type { Purpose } from '../observed.ts'
import { factsOf } from './certificate-facts.ts'
import { readCertificate } from './reading.ts'

const now = new Date('2026-05-01T00:00:00Z')
const day = 24 * 60 * 60 * 1000
const year = 365 * day
const at = (days: number) => new Date(now.getTime() + days * day)

const base64 = (text: string) => Buffer.from(text).toString('base64')
const secretOf = (certificate: string, key: string): KubeSecret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data: { 'tls.crt': base64(certificate), 'tls.key': base64(key) },
})
const pem = ({ data }: KubeSecret, key: 'tls.crt' | 'tls.key') => Buffer.from(data?.[key] ?? '', 'base64').toString()

async function authority(validityMs = 10 * year, from = now): Promise<KubeSecret> {
  const issued = await issueCertificateAuthority({ commonName: 'ca', validityMs, now: from })
  return secretOf(issued.certificate, issued.privateKey.reveal())
}
async function leaf(signer: KubeSecret, from = now): Promise<KubeSecret> {
  const issuer = { certificate: pem(signer, 'tls.crt'), privateKey: new Secret(pem(signer, 'tls.key')) }
  const request = {
    subject: { commonName: 'leaf' },
    usages: ['clientAuth'],
    validityMs: year,
    now: from,
    issuer,
  } as const
  const issued = await issueLeaf(request)
  return secretOf(issued.certificate, issued.privateKey.reveal())
}
async function keyPair(): Promise<KubeSecret> {
  const { publicKey, privateKey } = await issueServiceAccountKey()
  return secretOf(publicKey, privateKey.reveal())
}

const [ca, other, short, tomorrow] = await Promise.all([
  authority(),
  authority(),
  authority(30 * day),
  authority(year, at(1)),
])
const [good, stranger, cut, early] = await Promise.all([leaf(ca), leaf(other), leaf(short), leaf(ca, at(1))])
const serving = await leaf(ca)
const [keys, otherKeys] = await Promise.all([keyPair(), keyPair()])

/** A root with another key in its place: the facts look at the key before they look at who has signed. */
function withKey(publicKey: KeyObject, privateKey: KeyObject): KubeSecret {
  const der = Buffer.from(new X509Certificate(pem(ca, 'tls.crt')).raw)
  const own = createPublicKey(pem(ca, 'tls.crt')).export({ type: 'spki', format: 'der' })
  const swapped = resized(der, own, publicKey.export({ type: 'spki', format: 'der' }))
  return secretOf(
    `-----BEGIN CERTIFICATE-----\n${swapped.toString('base64')}\n-----END CERTIFICATE-----\n`,
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
}

/** Certificate and its first part are sequences with two bytes of length. */
function resized(der: Buffer, before: Buffer, after: Buffer): Buffer {
  const start = der.indexOf(before)
  const result = Buffer.concat([der.subarray(0, start), after, der.subarray(start + before.length)])
  for (const offset of [2, 6]) result.writeUInt16BE(result.readUInt16BE(offset) + after.length - before.length, offset)
  return result
}

const ed25519 = generateKeyPairSync('ed25519')
const p224 = generateKeyPairSync('ec', { namedCurve: 'secp224r1' })
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const tokensOf = ({ publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }) =>
  secretOf(
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
const judged = (purpose: Purpose, secret: KubeSecret, isOurs = false) =>
  factsOf(readCertificate(purpose, secret, ca), { now, isOurs, isOfAnother: false })

it.each<[string, Purpose, KubeSecret, string]>([
  ['a missing certificate', 'ca', secretOf('', pem(ca, 'tls.key')), 'key tls.crt is missing; put it there, or delete'],
  ['a missing key', 'ca', secretOf(pem(ca, 'tls.crt'), ''), 'key tls.key is missing; put it there, or delete'],
  ['text for a certificate', 'proxy', secretOf('text', pem(ca, 'tls.key')), 'tls.crt is not a certificate in PEM form'],
  ["another certificate's key", 'ca', secretOf(pem(ca, 'tls.crt'), pem(other, 'tls.key')), 'tls.key is not the key of'],
  ['a leaf for an authority', 'etcd', good, 'tls.crt is not a certificate authority'],
  [
    'a chain',
    'ca',
    secretOf(`${pem(ca, 'tls.crt')}${pem(other, 'tls.crt')}`, pem(ca, 'tls.key')),
    'tls.crt has 2 certificates, and k0s reads one; leave a root that signs by itself',
  ],
  [
    'an Ed25519 authority',
    'ca',
    withKey(ed25519.publicKey, ed25519.privateKey),
    'an ed25519 key cannot sign certificates',
  ],
  [
    'a P-224 authority',
    'etcd',
    withKey(p224.publicKey, p224.privateKey),
    'a secp224r1 key cannot sign certificates here',
  ],
  ['an RSA-PSS authority', 'proxy', withKey(pss.publicKey, pss.privateKey), 'an rsa-pss key cannot sign certificates'],
  ['an authority of tomorrow', 'ca', tomorrow, 'is not valid before 2026-05-01T23:55:00.000Z'],
  ['an authority of yesterday', 'ca', await authority(day, at(-2)), 'expired at 2026-04-30T00:00:00.000Z'],
  ['no private key', 'sa', secretOf(pem(keys, 'tls.crt'), 'text'), 'tls.key is not a private key in PEM form'],
  ['rubbish beside it', 'sa', secretOf('rubbish', pem(keys, 'tls.key')), 'tls.crt is no public key of tls.key'],
  [
    "another pair's public key",
    'sa',
    secretOf(pem(otherKeys, 'tls.crt'), pem(keys, 'tls.key')),
    'tls.crt is no public key of tls.key',
  ],
  ['an Ed25519 pair', 'sa', tokensOf(ed25519), 'an ed25519 key cannot sign service account tokens here'],
  ['a P-224 pair', 'sa', tokensOf(p224), 'a secp224r1 key cannot sign service account tokens here'],
  [
    "a leaf of the user's that another authority signed",
    'etcdPeer',
    stranger,
    'was not signed by the authority of this',
  ],
  ["a leaf of the user's of tomorrow", 'etcdPeer', early, 'is not valid before 2026-05-01T23:55:00.000Z'],
])('%s is told (%s)', (_, purpose, secret, fault) => {
  expect(judged(purpose, secret).fault).toContain(fault)
})

it('what is good has no fault, and an authority has the fingerprint of its key', () => {
  expect(judged('ca', ca)).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(judged('ca', ca)).not.toHaveProperty('fault')
  expect(judged('sa', keys)).toEqual({ fits: true, tokenKeys: [expect.anything()] })
  const withOlder = secretOf(`${pem(otherKeys, 'tls.crt')}${pem(keys, 'tls.crt')}`, pem(keys, 'tls.key'))
  expect(judged('sa', withOlder)).toEqual({ fits: true, tokenKeys: [expect.anything(), expect.anything()] })
  expect(readCertificate('etcdServer', good, ca)).toMatchObject({ signedByOther: false })
  expect(readCertificate('etcdServer', stranger, ca)).toMatchObject({ signedByOther: true })
})

it('a fault that time ends is looked at again then', () => {
  expect(judged('ca', tomorrow).changesAt).toEqual(new Date('2026-05-01T23:55:00Z'))
})

it('our own leaf of a clock that was ahead is due at once', () => {
  expect(judged('etcdPeer', early, true)).toMatchObject({ renewAt: now })
})

it('a leaf that was cut to the end of its authority is not due by age: another would last no longer', () => {
  const late = at(29.999)
  const facts = factsOf(readCertificate('etcdPeer', cut, short), { now: late, isOurs: true, isOfAnother: false })
  expect(facts).toEqual({ fits: true, notAfter: at(30) })
})

it.each([
  ['half a year before', ca, 3650 - 182],
  ['in the last third of a short life', short, 20],
])('the end of an authority is told %s', (_, secret, days) => {
  const facts = (when: Date) =>
    factsOf(readCertificate('ca', secret, ca), { now: when, isOurs: true, isOfAnother: false })
  expect(facts(at(days - 1))).not.toHaveProperty('endsSoon')
  expect(facts(at(days - 1)).changesAt?.getTime()).toBeCloseTo(at(days).getTime(), -6)
  expect(facts(at(days + 1))).toMatchObject({ endsSoon: true })
})

it('an authority with another key than the one in use is told; the same key in a new certificate is not', () => {
  const { fingerprint = '' } = judged('ca', ca)
  const used = { now, isOurs: false, isOfAnother: false, madeWith: fingerprint }
  expect(factsOf(readCertificate('ca', ca, ca), used)).not.toHaveProperty('fault')
  expect(factsOf(readCertificate('ca', other, ca), used).fault).toContain('put that one back')
})

/** What a connection says when a Secret is read between two of its reads. */
async function echoAround(read: () => unknown): Promise<string> {
  const own = { key: pem(serving, 'tls.key'), cert: pem(serving, 'tls.crt') }
  const server = createServer(own, socket => socket.on('error', () => {}).pipe(socket)).listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = connect({ port, rejectUnauthorized: false }).setEncoding('utf8')
  try {
    await once(socket, 'secureConnect')
    read()
    socket.write('still here')
    const [said] = await once(socket, 'data')
    return said
  } finally {
    socket.destroy()
    server.close()
  }
}

it('keys of several kinds beside each other end no connection of the process', async () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })
  const mixed = secretOf(`${rsa.toString()}${pem(keys, 'tls.crt')}`, pem(keys, 'tls.key'))
  expect(await echoAround(() => judged('sa', mixed))).toBe('still here')
})

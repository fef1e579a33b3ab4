// Secrets as we write them, and as somebody left them — shell
import { beforeAll, expect, test } from 'vitest'
import type { KubeSecret } from '../../kinds.ts'
import { carryOut } from './carry-out.ts'
import { findMaterial, printMaterial } from './material.ts'

const maker = 'k0smotron-operator'
const key = { namespace: 'k0smotron', name: 'cert' }
const timing = { authorityMs: 3_600_000, servingMs: 3_600_000, settleMs: 0 }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

let secret: KubeSecret
let another: KubeSecret
beforeAll(async () => {
  const make = async (): Promise<KubeSecret> => {
    const making = { dnsNames: ['a.b.svc'], authorityName: 'cert-ca', timing, now: new Date() }
    const material = await carryOut({ kind: 'begin' }, making)
    if (!material) throw new Error('nothing was made')
    return printMaterial(key, material, { maker })
  }
  secret = await make()
  another = await make()
})

test('what was written is found again', () => {
  const found = findMaterial(secret, maker)
  expect(found).toMatchObject({ kind: 'material', isOurs: true })
  if (found.kind !== 'material') return
  expect(printMaterial(key, found.material, { maker })).toEqual(secret)
  expect(Object.keys(secret.data ?? {})).toEqual(['tls.crt', 'tls.key', 'ca.crt', 'ca.key'])
})

test('a Secret of others keeps its type and becomes ours as a whole', () => {
  const live = {
    ...secret,
    metadata: { ...key, uid: 'u', resourceVersion: '7', annotations: { 'cert-manager.io/x': 'y' } },
  }
  const found = findMaterial(secret, maker)
  if (found.kind !== 'material') throw new Error('nothing was found')
  const printed = printMaterial(key, found.material, { maker, live: { ...live, type: 'Opaque' } })
  expect(printed.type).toBe('Opaque')
  expect(printed.metadata).toEqual({
    ...key,
    uid: 'u',
    resourceVersion: '7',
    labels: { 'app.kubernetes.io/managed-by': maker },
  })
})

test.each<[string, () => Readonly<Record<string, string>>, string]>([
  ['nothing', () => ({}), 'tls.crt is no certificate'],
  ['text', () => ({ ...secret.data, 'tls.crt': base64('hello') }), 'tls.crt is no certificate'],
  ['no base64', () => ({ ...secret.data, 'tls.crt': '%%%' }), 'tls.crt is no certificate'],
  ['no key', () => ({ ...secret.data, 'tls.key': '' }), 'tls.key is not the key of tls.crt'],
  [
    'another key',
    () => ({ ...secret.data, 'tls.key': another.data?.['tls.key'] ?? '' }),
    'tls.key is not the key of tls.crt',
  ],
  ['no authority', () => ({ ...secret.data, 'ca.crt': '' }), 'ca.crt is no certificate'],
  [
    'garbage behind the authority',
    () => {
      const authority = Buffer.from(secret.data?.['ca.crt'] ?? '', 'base64').toString()
      return {
        ...secret.data,
        'ca.crt': base64(`${authority}-----BEGIN CERTIFICATE-----\neA==\n-----END CERTIFICATE-----\n`),
      }
    },
    'ca.crt is no certificate',
  ],
  [
    'another authority',
    () => ({ ...secret.data, 'ca.crt': another.data?.['ca.crt'] ?? '' }),
    'ca.key is not the key of ca.crt',
  ],
])('a Secret of ours with %s has a fault', (_what, data, fault) => {
  expect(findMaterial({ ...secret, data: data() }, maker)).toEqual({ kind: 'fault', isOurs: true, fault })
})

test('a Secret of others needs no authority, and its private key is of no use to us', () => {
  const { 'tls.crt': certificate = '', 'tls.key': privateKey = '' } = secret.data ?? {}
  const found = findMaterial(
    { ...secret, metadata: key, data: { 'tls.crt': certificate, 'tls.key': privateKey } },
    maker,
  )
  expect(found).toMatchObject({ kind: 'material', isOurs: false, material: { trusted: [] } })
  expect(JSON.stringify(found)).not.toContain('PRIVATE KEY')
})

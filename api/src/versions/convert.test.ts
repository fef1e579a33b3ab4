import { describe, expect, it } from 'vitest'
import { conversion, convertObject, kindOf } from './convert.ts'
import { tooDeep } from './handed-on.ts'

const group = 'controlplane.cluster.x-k8s.io'
const object = (version: string, spec: object) => ({
  apiVersion: `${group}/${version}`,
  kind: 'K0smotronControlPlane',
  metadata: { name: 'a', namespace: 'b' },
  spec,
})

it('takes a configuration that is nested as deep as somebody likes', () => {
  let k0sConfig = {}
  for (let depth = 0; depth < 100_000; depth += 1) k0sConfig = { deeper: k0sConfig }
  const stored = object('v1beta2', { k0sConfig, storage: { type: 'nats' } })
  const older = convertObject(stored, `${group}/v1beta1`) as typeof stored
  expect(older.spec).toHaveProperty('k0sConfig')
  const again = convertObject(older, `${group}/v1beta2`) as { spec: { k0sConfig: object; storage: object } }
  expect(again.spec.k0sConfig).toBe(k0sConfig)
  expect(again.spec.storage).toEqual({ type: 'nats' })
})

it.each([
  ['another kind', { apiVersion: 'v1', kind: 'Secret' }, `${group}/v1beta2`, 'kind: Secret of v1 is not known'],
  ['another version', object('v1alpha1', {}), `${group}/v1beta2`, `kind: K0smotronControlPlane of ${group}/v1alpha1`],
  ['another wish', object('v1beta2', {}), `${group}/v1`, `desiredAPIVersion: ${group}/v1 has no kind`],
  [
    'a list for an object',
    object('v1beta1', { etcd: {}, storage: [] }),
    `${group}/v1beta2`,
    'storage: must be an object',
  ],
])('refuses %s, and says why', (_, given, desired, message) => {
  expect(() => convertObject(given, desired)).toThrow(message)
})

it('knows the kinds in both versions', () => {
  expect(kindOf(object('v1beta1', {}))?.kind).toBe('K0smotronControlPlane')
  expect(kindOf(object('v1beta2', {}))?.kind).toBe('K0smotronControlPlane')
  expect(kindOf({ apiVersion: 'v1', kind: 'K0smotronControlPlane' })).toBeUndefined()
})

describe('what v1beta1 cannot say, and annotations cannot hold', () => {
  const patches = [{ target: { kind: 'Service' }, patch: { type: 'merge', content: 'ä'.repeat(60_000) } }]
  const withAnnotation = (length: number) => {
    const stored = object('v1beta2', { replicas: 3, patches })
    return { ...stored, metadata: { ...stored.metadata, annotations: { own: 'x'.repeat(length) } } }
  }
  const sizeOf = (annotations: Readonly<Record<string, string>>) =>
    Object.entries(annotations).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0)

  it.each([
    ['kept where it fits', 141_000, JSON.stringify({ patches })],
    ['told by a mark where it does not', 143_000, 'too-large'],
    ['not even told where nothing more fits', 262_141, undefined],
  ])('is %s, and the API server takes the object in each case', (_, length, kept) => {
    const { metadata } = convertObject(withAnnotation(length), `${group}/v1beta1`) as ReturnType<typeof withAnnotation>
    const annotations: Readonly<Record<string, string>> = metadata.annotations
    expect(Object.keys(annotations['k0smotron.io/conversion-data'] ?? '').length).toBe((kept ?? '').length)
    expect(sizeOf(annotations)).toBeLessThanOrEqual(262_144)
  })

  it('is not lost by a write in v1beta1: that is refused', () => {
    const older = convertObject(withAnnotation(143_000), `${group}/v1beta1`)
    expect(() => convertObject(older, `${group}/v1beta2`)).toThrow('write it in v1beta2')
  })
})

it('hands on what users write as they like, a list as one value', () => {
  const spec = {
    k0sConfig: 'whole',
    manifests: 'whole',
    mounts: 'whole',
    topologySpreadConstraints: 'whole',
    persistence: { persistentVolumeClaim: { spec: 'whole', status: 'whole' } },
  }
  expect(conversion.handedOn).toEqual({ spec: { ...spec, template: { spec } } })
})

describe('what nobody could read', () => {
  const persistence = { type: 'pvc', persistentVolumeClaim: { metadata: { creationTimestamp: null }, spec: tooDeep } }
  const lost = { k0sConfig: tooDeep, mounts: tooDeep, persistence, replicas: 3, storage: { type: 'nats' } }
  const older = convertObject(object('v1beta2', lost), `${group}/v1beta1`)

  it('is left out in v1beta1, with a mark, and the rest is there', () => {
    const claim = { metadata: { creationTimestamp: null } }
    expect(older).toEqual({
      ...object('v1beta1', {
        replicas: 3,
        persistence: { type: 'pvc', persistentVolumeClaim: claim },
      }),
      metadata: { name: 'a', namespace: 'b', annotations: { 'k0smotron.io/conversion-data': 'too-large' } },
    })
  })

  it('is not lost by a write in v1beta1: that is refused', () => {
    expect(() => convertObject(older, `${group}/v1beta2`)).toThrow('write it in v1beta2')
    expect(() => convertObject(object('v1beta1', lost), `${group}/v1beta2`)).toThrow('nested too deep')
  })
})

it.each([
  { k0sConfig: null },
  { mounts: [null] },
  { persistence: { type: 'pvc', persistentVolumeClaim: { spec: null } } },
])('leaves it to the API server what it says to %j', spec => {
  const [older, stored] = [object('v1beta1', spec), object('v1beta2', spec)]
  expect(convertObject(older, `${group}/v1beta2`)).toEqual(stored)
})

import { expect, it } from 'vitest'
import { convertObject, kindOf } from './convert.ts'

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

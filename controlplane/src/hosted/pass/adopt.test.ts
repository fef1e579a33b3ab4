import { type KubeObject, namesOf, releasedFromAnnotation } from '@k0smotron-ts/api'
import { ApiError, type ConfigMap, type GuardedPatch, type Service, type Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { liveConfig, observed as observedOf } from '../../testing/observed.ts'
import { configLabel, labelsOf } from '../identity.ts'
import { listOwned } from '../owned.ts'
import { adopt, isHindered } from './adopt.ts'

const service: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: namesOf('prod').etcd,
    namespace: 'team',
    uid: 'uid',
    resourceVersion: '7',
    labels: labelsOf({ clusterName: 'prod' }, 'etcd'),
  },
}
/** One that no pod needs; whoever may create ConfigMaps can make any number of them. */
const strange: ConfigMap = {
  ...liveConfig('x'),
  metadata: {
    name: `${namesOf('prod').config}-x`,
    namespace: 'team',
    uid: 'uid',
    resourceVersion: '7',
    labels: { ...labelsOf({ clusterName: 'prod' }, 'cluster-config'), [configLabel]: 'x' },
  },
}
const none = listOwned(() => [])
const released = { annotations: { [releasedFromAnnotation]: 'uid' } }
const facts = () => ({ certificates: {} })

it.each<[string, ConfigMap]>([
  ['left behind for a move', { ...strange, metadata: { ...strange.metadata, ...released } }],
  ['that changes all the time', strange],
])('a configuration keeps nothing from going on: one %s', async (_, one) => {
  const request = 'PATCH x'
  const refuse = async () => {
    throw new ApiError({ reason: 'Conflict', message: 'the object has been modified', request })
  }
  const shell = { client: { get: async () => one }, patch: refuse } as unknown as Shell
  const before = observedOf({ version: 'v1.36.3+k0s.1' }, { ownerless: { ...none, configMaps: [one] } })
  const { observed, applied } = await adopt(before, shell, facts)
  expect(isHindered(applied)).toBe(false)
  expect(observed.configMaps).toEqual([])
})

const restored = observedOf({ version: 'v1.36.3+k0s.1' }, { ownerless: { ...none, services: [service] } })

it('takes an object as it was judged: what somebody else took meanwhile stays his', async () => {
  const taken = { ...service, metadata: { ...service.metadata, resourceVersion: '8', ownerReferences: [] } }
  const patches: GuardedPatch[] = []
  const patch = async <T extends KubeObject>(_: unknown, object: T, one: GuardedPatch) => {
    patches.push(one)
    return object
  }
  const shell = { client: { get: async () => taken }, patch } as unknown as Shell
  const { observed, applied } = await adopt(restored, shell, facts)
  expect(patches[0]?.operations).toContainEqual({ op: 'test', path: '/metadata/resourceVersion', value: '7' })
  expect(isHindered(applied)).toBe(false)
  expect(observed.services).toEqual([service])
})

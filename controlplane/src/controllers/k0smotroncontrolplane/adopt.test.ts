import { type KubeObject, namesOf } from '@k0smotron-ts/api'
import type { GuardedPatch, Service, Shell } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { labelsOf } from '../../hosted/identity.ts'
import { listOwned } from '../../hosted/owned.ts'
import { snapshot } from '../../testing/observed.ts'
import { adopt, isRefused } from './adopt.ts'

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
const restored = snapshot({ version: 'v1.36.3+k0s.1' }, { ownerless: { ...listOwned(() => []), services: [service] } })

it('takes an object as it was judged: what somebody else took meanwhile stays his', async () => {
  const taken = { ...service, metadata: { ...service.metadata, resourceVersion: '8', ownerReferences: [] } }
  const patches: GuardedPatch[] = []
  const patch = async <T extends KubeObject>(_: unknown, object: T, one: GuardedPatch) => {
    patches.push(one)
    return object
  }
  const shell = { client: { get: async () => taken }, patch } as unknown as Shell
  const { observed, applied } = await adopt(restored, shell, () => ({ certificates: {} }))
  expect(patches[0]?.operations).toContainEqual({ op: 'test', path: '/metadata/resourceVersion', value: '7' })
  expect(isRefused(applied)).toBe(false)
  expect(observed.hosted.services).toEqual([service])
})

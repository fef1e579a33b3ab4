// Which Cluster a control plane belongs to — shell
import { type Cluster, clusters, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { expect, test } from 'vitest'
import { cluster, controlPlane, noMembers } from '../../testing/observed.ts'
import { observe } from './observe.ts'

const object = controlPlane({ version: 'v1.36.3+k0s.1' })

/** What a pass reads where that Cluster has the name of the owner; also what the infrastructure is looked for by. */
async function clustersIn(named: Cluster): Promise<readonly (Cluster | undefined)[]> {
  const lookedFor: (Cluster | undefined)[] = []
  const get = (type: ResourceType) => (type === k0smotronControlPlane ? object : type === clusters ? named : undefined)
  const shell = {
    now: () => new Date('2026-05-01T00:00:00Z'),
    read: { get, by: () => [], unreadable: () => undefined, referenced: async () => undefined },
  } as unknown as Shell
  const snapshot = await observe({ namespace: 'team', name: 'prod-cp' }, shell, {
    askWorkloadAPI: () => undefined,
    stopAsking: () => {},
    readFacts: () => ({ certificates: {} }),
    members: noMembers,
    namespace: 'k0smotron',
    infrastructure: {
      observe: async roots => void lookedFor.push(roots.cluster),
      complete: async () => [],
      nextLook: () => undefined,
    },
    certificateMetrics: () => {},
    controlPlaneMetrics: () => {},
    elapsed: () => 0,
  })
  return [snapshot?.cluster, ...lookedFor]
}

test('it is the one that the owner reference means', async () => {
  expect(await clustersIn(cluster)).toEqual([cluster, cluster])
})

test('a Cluster that was made anew under the name of the owner is another', async () => {
  const again = { ...cluster, metadata: { ...cluster.metadata, uid: 'uid-of-another-prod' } }
  expect(await clustersIn(again)).toEqual([undefined, undefined])
})

// Both managers are killed at every step of a cluster's life; it ends as one that nobody disturbed — shell
import { namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { until } from '@k0smotron-ts/hack/testenv'
import { statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCluster, deleteCluster, patienceMs, untilAnswering, untilJoined } from '../harness/cluster.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { clusterPicture } from './support/cluster-picture.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { contentOf, makeNamespace } from './support/namespaces.ts'
import { steps } from './support/steps.ts'

/** Of the same name, so that they can be compared. */
const calm = { namespace: 'calm', name: 'c' }
const storm = { namespace: 'storm', name: 'c' }
const withoutVolumes = { K0smotronControlPlane: { spec: { storage: { etcd: { autoDeletePVCs: true } } } } }

describeWithEachK0s('managers that are killed', k0s => {
  let stage: Stage
  const opened = new AsyncDisposableStack()

  beforeAll(async () => {
    // without leases: what is waited for is the managers' work, not the end of a dead one's lease
    stage = await startStage({ name: 'killed-managers', k0s, leaderElect: false })
    for (const { namespace } of [calm, storm]) await makeNamespace(stage.kubectl, namespace)
  })

  afterAll(async () => {
    await opened.disposeAsync()
    await stage?.[Symbol.asyncDispose]()
  })

  /** A node that dies and another that takes over. */
  const replaceManagers = async (): Promise<void> => {
    await Promise.all(stage.managers.map(manager => manager.kill()))
    await Promise.all(stage.managers.map(manager => manager.start()))
  }

  const pictureOf = ({ namespace }: typeof calm, { client }: Workload): Promise<readonly string[]> =>
    clusterPicture(stage.management.client, namespace, client)

  test('at every step of making a cluster and a worker end in the same state', async () => {
    await applyCluster(stage, calm, { changes: withoutVolumes })
    const undisturbed = opened.use(await untilAnswering(stage, calm))
    await untilJoined(stage, undisturbed, { cluster: calm })

    await applyCluster(stage, storm, { changes: withoutVolumes })
    let answering: Promise<Workload> | undefined
    const hosted = (): Promise<Workload> => (answering ??= untilAnswering(stage, storm))
    const coming = {
      cluster: storm,
      management: stage.management.client,
      hosted: async () => (await hosted()).client,
    }
    for (const step of steps) {
      await step.reached(coming)
      await replaceManagers()
    }
    const disturbed = opened.use(await hosted())
    await untilJoined(stage, disturbed, { cluster: storm })
    await expect
      .poll(() => pictureOf(storm, disturbed), { timeout: 60_000, interval: 500 })
      .toEqual(await pictureOf(calm, undisturbed))
  })

  test('while a cluster is deleted leave nothing behind', async () => {
    const { client } = stage.management
    const ending = async (set: 'statefulSet' | 'etcd'): Promise<unknown> => {
      const key: ObjectKey = { ...storm, name: namesOf(storm.name)[set] }
      return until(client, { type: statefulSets, key, patienceMs }, found => isEnding(found))
    }
    const gone = deleteCluster(stage, storm)
    for (const set of ['statefulSet', 'etcd'] as const) {
      await ending(set)
      await replaceManagers()
    }
    await gone
    await expect.poll(() => contentOf(stage.kubectl, storm.namespace), { timeout: 30_000 }).toEqual([])
  })
})

const isEnding = (found: { readonly metadata: { readonly deletionTimestamp?: string } } | undefined): boolean =>
  found === undefined || found.metadata.deletionTimestamp !== undefined

// Both managers are killed at every step of a cluster's life; it ends as one that nobody disturbed — shell
import { k0smotronControlPlane, namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { providerNamespace } from '@k0smotron-ts/config'
import { until } from '@k0smotron-ts/hack/testenv'
import { leases, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCluster, deleteCluster, patienceMs, untilAnswering, untilJoined } from '../harness/cluster.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { clusterPicture } from './support/cluster-picture.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { contentOf, makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'
import { resourcesIn, steps } from './support/steps.ts'
import { inLab, openWriteGate } from './support/write-gate.ts'

/** Of the same name, so that they can be compared. */
const calm = { namespace: 'calm', name: 'c' }
const storm = { namespace: 'storm', name: 'c' }
const withoutVolumes = { K0smotronControlPlane: { spec: { storage: { etcd: { autoDeletePVCs: true } } } } }

describeWithEachK0s('managers that are killed', k0s => {
  let stage: Stage
  const opened = new AsyncDisposableStack()

  beforeAll(async () => {
    // without leases: what is waited for is the managers' work, not the end of a dead one's lease
    stage = await startStage({ name: ownLab('killed-mgrs'), k0s, leaderElect: false })
    for (const { namespace } of [calm, storm]) await makeNamespace(stage.kubectl, namespace)
  })

  afterAll(async () => {
    await opened.disposeAsync()
    await stage?.[Symbol.asyncDispose]()
  })

  const killManagers = (): Promise<unknown> => Promise.all(stage.managers.map(manager => manager.kill()))
  const startManagers = (...flags: readonly string[]): Promise<unknown> =>
    Promise.all(stage.managers.map(manager => manager.start(flags)))

  const pictureOf = ({ namespace }: typeof calm, { client }: Workload): Promise<readonly string[]> =>
    clusterPicture(stage.management.client, namespace, client)

  test('at every step of making a cluster and a worker end in the same state', async () => {
    await applyCluster(stage, calm, { changes: withoutVolumes })
    const undisturbed = opened.use(await untilAnswering(stage, calm))
    await untilJoined(stage, undisturbed, { cluster: calm })

    let answering: Promise<Workload> | undefined
    const workload = (): Promise<Workload> => (answering ??= untilAnswering(stage, storm))
    const coming = {
      cluster: storm,
      management: stage.management.client,
      workload: async () => (await workload()).client,
    }
    const gate = opened.use(await openWriteGate(inLab(stage.lab)))
    const holdAllAfter = (index: number): void => {
      const later = steps.slice(index + 1)
      gate.hold(object => later.some(step => step.isBroughtBy(object, storm)))
    }
    await gate.guard(stage.kubectl, { namespace: storm.namespace, resources: resourcesIn('management') })
    holdAllAfter(0)
    await applyCluster(stage, storm, { changes: withoutVolumes })
    let started: Promise<unknown> | undefined
    let isGuarded = false
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1]
      await step.reached(coming)
      // what would be the next step waits in the gate, so it is not there, however busy the machine is
      expect(await next?.isReached(coming), `before the kill after: ${step.name}`).not.toBe(true)
      await killManagers()
      await started // killed while they started, or after
      expect(await next?.isReached(coming), `after the kill after: ${step.name}`).not.toBe(true)
      if (!isGuarded && steps[index + 2]?.where === 'workload') {
        const resources = resourcesIn('workload')
        await gate.guard((await workload()).kubectl, { namespace: 'kube-system', resources })
        isGuarded = true
      }
      holdAllAfter(index + 1)
      started = startManagers()
    }
    await started
    const disturbed = opened.use(await workload())
    await untilJoined(stage, disturbed, { cluster: storm })
    await expect.poll(() => pictureOf(storm, disturbed), { interval: 500 }).toEqual(await pictureOf(calm, undisturbed))
  })

  test('while a cluster is deleted leave nothing behind, and their successors wait for their leases', async () => {
    const { client } = stage.management
    const isEnding = (set: 'statefulSet' | 'etcd'): Promise<unknown> => {
      const key: ObjectKey = { ...storm, name: namesOf(storm.name)[set] }
      return until(
        client,
        { type: statefulSets, key, patienceMs },
        found => found === undefined || found.metadata.deletionTimestamp !== undefined,
      )
    }
    const untilEnding = [isEnding('statefulSet'), isEnding('etcd')]
    const gone = deleteCluster(stage, storm)
    for (const ending of untilEnding) {
      await ending
      await killManagers()
      expect(await client.get(k0smotronControlPlane, storm)).toBeDefined()
      await startManagers('--leader-elect=true')
    }
    await gone
    await expect.poll(() => contentOf(stage.kubectl, storm.namespace)).toEqual([])
    const held = (await client.list(leases, { namespace: providerNamespace })).items
    expect(held.map(({ spec }) => spec?.leaseTransitions)).toEqual([1, 1])
  })
})

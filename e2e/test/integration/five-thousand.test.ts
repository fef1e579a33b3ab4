// Both managers start where there are 5,000 control planes — shell
import { clusters, k0smotronControlPlane, k0sWorkerConfig, namesOf } from '@k0smotron-ts/api'
import { memoryLimitMiB } from '@k0smotron-ts/config'
import { until } from '@k0smotron-ts/hack/testenv'
import { statefulSets } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { make, refTo, version } from '../../harness/objects.ts'
import { type Arena, makeMachine, makeNamespace, restartManagers, startArena, victim } from '../../hostile/arena.ts'
import { peaks } from '../../hostile/memory.ts'
import { referenceTo } from '../../hostile/objects.ts'

const namespaces = 50
const inEach = 100

/** Who comes when the managers have all the others to look at. */
const late = 'late'
/** Keys of 5,000 control planes are made meanwhile. */
const patienceMs = 300_000

const name = (nth: number): string => `c-${nth}`

/** A Cluster and its control plane, in the order of Cluster API core. */
async function makeOne({ management: { client } }: Arena, namespace: string, nth: number): Promise<void> {
  const owner = await client.create(clusters, {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: name(nth), namespace },
    spec: { controlPlaneRef: refTo(k0smotronControlPlane, name(nth)) },
  })
  const labels = { 'cluster.x-k8s.io/cluster-name': name(nth) }
  await make(client, namespace, [
    {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'K0smotronControlPlane',
      metadata: { name: name(nth), labels, ownerReferences: [referenceTo(owner)] },
      spec: { version },
    },
  ])
}

it('they read all, stay within their memory and work', async () => {
  await using arena = await startArena()
  const { management, managers } = arena
  const startedAt = performance.now()
  await restartManagers(arena, async () => {
    for (let nth = 0; nth < namespaces; nth++) {
      const namespace = `fleet-${nth}`
      await makeNamespace(arena, namespace)
      for (let from = 0; from < inEach; from += 20) {
        await Promise.all(Array.from({ length: 20 }, (_, index) => makeOne(arena, namespace, from + index)))
      }
    }
    process.stdout.write(`  made within ${((performance.now() - startedAt) / 1_000).toFixed(0)} s\n`)
  })
  // of a namespace of its own: it is served in turn with the others, not after all 5,000
  await makeNamespace(arena, late)
  await makeOne(arena, late, 0)
  await makeMachine(management, victim, 'm')
  const { client } = management
  const set = { namespace: late, name: namesOf(name(0)).statefulSet }
  const config = { namespace: victim, name: 'm' }
  await Promise.all([
    until(client, { type: statefulSets, key: set, patienceMs }, found => found !== undefined),
    until(
      client,
      { type: k0sWorkerConfig, key: config, patienceMs },
      found => found?.status?.dataSecretName !== undefined,
    ),
  ])
  const mebibytes = await peaks(managers)
  process.stdout.write(`  peaks ${mebibytes.map(one => one.toFixed(0)).join(' and ')} MiB\n`)
  expect(mebibytes.filter(one => one >= memoryLimitMiB)).toEqual([])
})

// The demo's path as assertions: a worker joins, managers start again silently, clusters live side by side and go without a trace — shell
import { type K0smotronControlPlane, k0smotronControlPlane } from '@k0smotron-ts/api'
import { countBy, isLease, isWrite, until } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applyCluster,
  deleteCluster,
  type Joined,
  patienceMs,
  untilAnswering,
  untilJoined,
} from '../harness/cluster.ts'
import { proofsOf } from '../harness/proofs.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { contentOf, makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'
import { watchPodEnds } from './support/pod-ends.ts'
import { left, type Traces, tracesOf } from './support/traces.ts'

const name = ownLab('clusters')
const first = { namespace: 'team-a', name: 'first' }
const second = { namespace: 'team-b', name: 'second' }
const claim = 'etcd-data-kmc-first-etcd-0'
const leftOver = 'left-over'
const withoutVolumes = { K0smotronControlPlane: { spec: { storage: { etcd: { autoDeletePVCs: true } } } } }

describeWithEachK0s('clusters with workers', k0s => {
  const seen = (): Promise<Traces> => tracesOf({ name, pids: [process.pid] })
  let before: Traces
  let stage: Stage
  let workload: Workload
  let joined: Joined

  beforeAll(async () => {
    before = await seen()
    stage = await startStage({ name, k0s })
    for (const { namespace } of [first, second]) await makeNamespace(stage.kubectl, namespace)
    await applyCluster(stage, first)
    workload = await untilAnswering(stage, first)
    const [one] = await untilJoined(stage, workload, { cluster: first })
    if (!one) throw new Error('No machine joined')
    joined = one
  })

  afterAll(async () => {
    await workload?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
    expect(left(before, await seen())).toEqual([])
  })

  test('a machine becomes a Ready node through its data Secret alone, and runs pods', async () => {
    const proofs = await proofsOf({ stage, workload, ...joined })
    expect(proofs).toHaveLength(5)
    expect(proofs.filter(({ holds }) => !holds)).toEqual([])
    expect(await workload.kubectl(['exec', 'hello', '--', 'hostname'])).toBe('hello')
  })

  test('both managers start again and write nothing', async () => {
    const { managers, management } = stage
    const users = managers.map(({ user }) => user)
    await management.quiet(users)
    const mark = await management.env.auditLog.mark()
    for (const manager of managers) {
      await manager.stop()
      await manager.start()
    }
    await management.quiet(users)
    const requests = (await management.env.auditLog.since(mark)).filter(({ user }) => users.includes(user))
    expect(countBy(requests, ['verb'])).toHaveProperty('list')
    const writes = requests.filter(entry => isWrite(entry) && !isLease(entry))
    expect(countBy(writes, ['user', 'verb', 'resource', 'name'])).toEqual({})
  })

  test('a second cluster on the same nodes gets ports of its own and keeps to itself', async () => {
    await applyCluster(stage, second, { changes: withoutVolumes })
    await using other = await untilAnswering(stage, second)
    const [newcomer] = await untilJoined(stage, other, { cluster: second })
    expect(other.connection.server).not.toBe(workload.connection.server)
    const nodesOf = (cluster: Workload): Promise<string> => cluster.kubectl(['get', 'nodes', '--output=name'])
    expect(await nodesOf(workload)).toBe(`node/${joined.node.metadata.name}`)
    expect(await nodesOf(other)).toBe(`node/${newcomer?.node.metadata.name}`)
  })

  test('a deleted cluster ends in order and leaves its volume only; its neighbour does not notice', async () => {
    await workload.kubectl(['create', 'namespace', leftOver])
    const { ends } = await watchPodEnds(stage.management.client, first.namespace)
    await deleteCluster(stage, first)
    expect(await ends).toEqual({ 'kmc-first-0': [0], 'kmc-first-etcd-0': [0] })
    await expect.poll(() => contentOf(stage.kubectl, first.namespace)).toEqual([`persistentvolumeclaim/${claim}`])
    expect(stage.lab.machines.get(joined.machine.metadata.name ?? '')).toBeUndefined()
    await using other = await untilAnswering(stage, second)
    expect(await other.kubectl(['get', 'nodes', '--no-headers'])).toContain(' Ready ')
  })

  test('made again under its name, a cluster serves nothing of what the deleted one left behind', async () => {
    const { kubectl, management } = stage
    await applyCluster(stage, first, { variables: { WORKER_MACHINE_COUNT: '0' } })
    const available = (one: K0smotronControlPlane | undefined) =>
      one?.status?.conditions?.find(({ type }) => type === 'Available')
    const type = k0smotronControlPlane
    const waiting = await until(
      management.client,
      { type, key: first, patienceMs },
      one => available(one)?.reason === 'DatastoreVolumeFound',
    )
    expect(available(waiting)?.message).toContain(`PersistentVolumeClaim ${claim} was made with another authority`)
    const content = await contentOf(kubectl, first.namespace)
    expect(content.filter(one => /^(pod|statefulset\.apps)\//.test(one))).toEqual([])

    await kubectl(['delete', 'persistentvolumeclaim', claim, `--namespace=${first.namespace}`])
    await using again = await untilAnswering(stage, first)
    expect(await again.kubectl(['get', 'namespaces', '--output=name'])).not.toContain(leftOver)
    await deleteCluster(stage, first)
  })

  test('the volume goes too where that was asked for', async () => {
    await deleteCluster(stage, second)
    await expect.poll(() => contentOf(stage.kubectl, second.namespace)).toEqual([])
    expect(stage.lab.machines.list()).toEqual([])
  })
})

// Three replicas on three hosting nodes, under a client that writes all the time: what people do, and what breaks, is not noticed — shell
import { namesOf, renewCertificatesAnnotation } from '@k0smotron-ts/api'
import { terminalProgress } from '@k0smotron-ts/hack/tools'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCluster, untilAnswering } from '../harness/cluster.ts'
import { type K0sChoice, prepareK0s, usualVersion } from '../harness/k0s.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { killMembers } from './support/kill-members.ts'
import { makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'
import { serialAt, serialIn } from './support/serials.ts'
import { untilSettled } from './support/settled.ts'
import { type Counts, since, startWriting, type Writing } from './support/writing.ts'

const key = { namespace: 'team', name: 'steady' }
const replicas = 3
const { etcd } = namesOf(key.name)

describeWithEachK0s('three replicas on three hosting nodes', k0s => {
  const isReal = k0s.kind === 'real'
  /** An upgrade begins with the release before; of the real k0s there is only one. */
  const first: K0sChoice = isReal ? k0s : { kind: 'stand-in', version: 'v1.36.3+k0s.0' }
  let stage: Stage
  let workload: Workload
  let writing: Writing

  beforeAll(async () => {
    stage = await startStage({ name: ownLab('outage'), k0s: first, nodes: 3 })
    await makeNamespace(stage.kubectl, key.namespace)
    const changes = { K0smotronControlPlane: { spec: { replicas } } }
    await applyCluster(stage, key, { variables: { WORKER_MACHINE_COUNT: '0' }, changes })
    await untilSettled(stage, key, replicas)
    workload = await untilAnswering(stage, key)
    writing = startWriting(workload)
  })

  afterAll(async () => {
    await writing?.[Symbol.asyncDispose]()
    await workload?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  const kubectl = (...words: readonly string[]) => stage.kubectl([...words, `--namespace=${key.namespace}`])
  const patch = (change: object) =>
    kubectl('patch', 'k0smotroncontrolplane', key.name, '--type=merge', `--patch=${JSON.stringify(change)}`)
  const jsonPath = async (path: string, ...words: readonly string[]): Promise<readonly string[]> =>
    (await kubectl('get', ...words, `--output=jsonpath=${path}`)).split(' ').filter(one => one !== '')
  const podsNow = () => jsonPath('{.items[*].metadata.uid}', 'pods', `--selector=cluster=${key.name}`)

  /** Of the writes while that was done and everything came to rest. */
  async function counted(what: string, work: () => Promise<unknown>): Promise<Counts> {
    const before = writing.counts
    await work()
    await untilSettled(stage, key, replicas)
    const counts = since(before, writing.counts)
    console.log(`${what}: ${JSON.stringify(counts)}`)
    expect(counts.acknowledged).toBeGreaterThan(0)
    return counts
  }

  test('pods of one kind are on nodes of their own', async () => {
    for (const component of ['cluster', 'etcd']) {
      const nodes = await jsonPath(
        '{.items[*].spec.nodeName}',
        'pods',
        `--selector=cluster=${key.name},component=${component}`,
      )
      expect(new Set(nodes).size).toBe(replicas)
    }
  })

  const noSecond = isReal ? ' (the real k0s needs an archive of a second release)' : ''
  test.skipIf(noSecond)(`an upgrade fails no write${noSecond}`, async () => {
    const next = await prepareK0s({ kind: 'stand-in', version: usualVersion }, terminalProgress())
    const [archive = ''] = next.archives
    await stage.lab.importImage(archive)
    const { failedTwice } = await counted('upgrade', async () => {
      await patch({ spec: { version: usualVersion } })
      await kubectl(
        'wait',
        `--for=jsonpath={.status.version}=${usualVersion}`,
        '--timeout=3m',
        'k0smotroncontrolplane',
        key.name,
      )
    })
    expect(failedTwice).toBe(0)
  })

  test('new certificates reach all members, replace no pod, and fail no write', async () => {
    const secret = { ...key, name: namesOf(key.name).etcdServer }
    const addresses = await jsonPath(
      '{.items[*].status.podIP}',
      'pods',
      `--selector=cluster=${key.name},component=etcd`,
    )
    const before = await podsNow()
    const { failedTwice } = await counted('renewal', async () => {
      const old = await serialIn(stage, secret)
      await patch({ metadata: { annotations: { [renewCertificatesAnnotation]: 'now' } } })
      await expect.poll(() => serialIn(stage, secret)).not.toBe(old)
      const renewed = await serialIn(stage, secret)
      await expect.poll(() => Promise.all(addresses.map(serialAt))).toEqual(addresses.map(() => renewed))
    })
    expect(failedTwice).toBe(0)
    expect(await podsNow()).toEqual(before)
  })

  test('a node that is drained fails no write, and its members come back with it', async () => {
    const [node = ''] = await jsonPath('{.spec.nodeName}', 'pod', `${etcd}-1`)
    const { failedTwice } = await counted('drain', async () => {
      await stage.kubectl(['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout=170s'])
      await stage.kubectl(['uncordon', node])
    })
    expect(failedTwice).toBe(0)
  })

  test.each([0, 1, 2])('member %i is killed, and comes back', async ordinal => {
    await counted(`kill -9 of member ${ordinal}`, () => killMembers(stage, key, [ordinal]))
  })

  test('all members are killed at once, and come back', async () => {
    await counted('kill -9 of all members', () => killMembers(stage, key, [0, 1, 2]))
  })

  test('it sleeps and wakes', async () => {
    await counted('a night', async () => {
      await patch({ spec: { replicas: 0 } })
      await expect.poll(() => podsNow()).toEqual([])
      await patch({ spec: { replicas } })
    })
  })

  test('nothing that was acknowledged is lost', async () => {
    expect(await writing.lost()).toEqual([])
    console.log(`all in all: ${JSON.stringify(writing.counts)}`)
  })
})

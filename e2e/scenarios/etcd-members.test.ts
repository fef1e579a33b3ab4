// Several replicas on etcd with real pods, under a client that writes all the time: what was acknowledged is there at the end — shell
import { namesOf } from '@k0smotron-ts/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyCluster, untilAnswering } from '../harness/cluster.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import type { Workload } from '../harness/workload.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'
import { untilSettled } from './support/settled.ts'
import { startWriting, type Writing } from './support/writing.ts'

const key = { namespace: 'team', name: 'grows' }
const second = { namespace: 'team', name: 'begins' }
const variables = { WORKER_MACHINE_COUNT: '0' }

describeWithEachK0s('several replicas on etcd', k0s => {
  let stage: Stage
  let workload: Workload
  let writing: Writing

  beforeAll(async () => {
    stage = await startStage({ name: ownLab('members'), k0s })
    await makeNamespace(stage.kubectl, key.namespace)
    await applyCluster(stage, key, { variables })
    workload = await untilAnswering(stage, key)
    writing = startWriting(workload)
  })

  afterAll(async () => {
    await writing?.[Symbol.asyncDispose]()
    await workload?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  const kubectl = (...words: readonly string[]) => stage.kubectl([...words, `--namespace=${key.namespace}`])
  const wants = (replicas: number) =>
    kubectl('patch', 'k0smotroncontrolplane', key.name, '--type=merge', `--patch={"spec":{"replicas":${replicas}}}`)

  const listed = async (kind: string, what: string): Promise<readonly string[]> => {
    const words = ['get', kind, '--selector=component=etcd,cluster=grows', `--output=jsonpath={.items[*].${what}}`]
    return (await kubectl(...words)).split(' ').filter(one => one !== '')
  }
  const members = () => listed('persistentvolumeclaims', 'metadata.annotations.k0smotron\\.io/etcd-member')

  test.each([3, 5, 3, 1, 3])('they become %i, each on a volume of its own', async replicas => {
    await wants(replicas)
    await untilSettled(stage, key, replicas)
    expect(new Set(await members()).size).toBe(replicas)
  })

  test('a member whose volume is lost is replaced by another one', async () => {
    const before = await members()
    const pod = `${namesOf(key.name).etcd}-1`
    await kubectl('delete', 'persistentvolumeclaim', `etcd-data-${pod}`, '--wait=false')
    await kubectl('delete', 'pod', pod)
    const others = async () =>
      (await members()).filter(one => !before.includes(one) && one !== 'made' && one !== 'fresh')
    await expect.poll(others).toHaveLength(1)
    await untilSettled(stage, key, 3)
  })

  test('all members end at once, and come back', async () => {
    const [before, pods] = [await members(), await listed('pods', 'metadata.uid')]
    await kubectl('delete', 'pod', '--selector=component=etcd', '--force', '--grace-period=0')
    const ready = 'status.conditions[?(@.type=="Ready")].status'
    await expect.poll(() => listed('pods', ready)).toEqual(['True', 'True', 'True'])
    expect((await listed('pods', 'metadata.uid')).filter(uid => pods.includes(uid))).toEqual([])
    await untilSettled(stage, key, 3)
    expect(await members()).toEqual(before)
  })

  test('nothing that was acknowledged is lost', async () => {
    expect(await writing.lost()).toEqual([])
    expect(writing.counts.acknowledged).toBeGreaterThan(0)
    console.log(`acknowledged ${writing.counts.acknowledged}, failed ${writing.counts.failed}`)
  })

  test('three from nothing', async () => {
    await applyCluster(stage, second, { variables, changes: { K0smotronControlPlane: { spec: { replicas: 3 } } } })
    await untilSettled(stage, second, 3)
  })
})

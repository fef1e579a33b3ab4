// Without Cluster API: a Cluster, a token, and a machine that joins as its owner does it by hand — shell
//
// The lab's machines have no other way to be switched on than a Machine; nothing of ours makes its bootstrap data here.
import { clusterSecretType, joinTokenRequest } from '@k0smotron-ts/api'
import { until, untilAll } from '@k0smotron-ts/hack/testenv'
import { type Node, nodes, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patienceMs, untilAnswering } from '../harness/cluster.ts'
import { infrastructureFirst, machine } from '../harness/lab-objects.ts'
import { make } from '../harness/objects.ts'
import { type Stage, startStage } from '../harness/stage.ts'
import { describeWithEachK0s } from './support/each-k0s.ts'
import { makeNamespace } from './support/namespaces.ts'
import { ownLab } from './support/own-lab.ts'

const apiVersion = 'k0smotron.io/v1beta2'
const namespace = 'by-hand'
const key = { namespace, name: 'mine' }
const token = { namespace, name: 'my-token' }

const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false

describeWithEachK0s('a machine that joins by hand', k0s => {
  let stage: Stage

  beforeAll(async () => {
    stage = await startStage({ name: ownLab('by-hand'), k0s })
    await makeNamespace(stage.kubectl, namespace)
  })

  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  const apply = (kind: string, metadata: object, spec: object): Promise<unknown> =>
    stage.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion, kind, metadata, spec }))

  /** What its owner types on the machine. */
  const dataOf = (text: string): string =>
    JSON.stringify({
      write_files: [{ path: '/etc/k0s.token', permissions: '0600', content: text }],
      runcmd: ['k0s install worker --token-file /etc/k0s.token', 'k0s start'],
    })

  test('a Cluster answers, and a machine with the token of a JoinTokenRequest becomes its Ready node', async () => {
    const { client } = stage.management
    const { version, image, etcdImage } = stage.k0s
    await apply('Cluster', key, { version, image, storage: { etcd: { image: etcdImage, autoDeletePVCs: true } } })
    await using workload = await untilAnswering(stage, key)
    await apply('JoinTokenRequest', token, { clusterName: key.name, expiry: '1h' })
    await until(client, { type: joinTokenRequest, key: token, patienceMs }, request =>
      Boolean(request?.status?.conditions?.some(({ status }) => status === 'True')),
    )
    const secret = await client.get(secrets, token)
    const text = Buffer.from(secret?.data?.token ?? '', 'base64').toString()
    const value = Buffer.from(`#cloud-config\n${dataOf(text)}\n`).toString('base64')
    const data = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: clusterSecretType,
      metadata: { name: 'm1-data' },
      data: { value, format: Buffer.from('cloud-config').toString('base64') },
    }
    await make(client, namespace, [...infrastructureFirst('machines'), data, ...machine('machines', 'm1')])
    const joined = await untilAll(
      workload.client,
      { type: nodes, patienceMs },
      all => all.length === 1 && all.every(isReady),
    )
    expect(joined.isSo).toBe(true)
  })
})

// Several pods of k0s: added, replaced one by one, stopped by a template that does not start, and taken away — shell
import { decodeBase64, type K0smotronControlPlane, k0smotronControlPlane } from '@k0smotron-ts/api'
import { follow, isWrite, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { type Pod, podDisruptionBudgets, pods, secrets, statefulSets } from '@k0smotron-ts/runtime'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const name = 'several'
const key = { namespace, name }
const labelSelector = `cluster=${name},component=cluster`
const set = `kmc-${name}`
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

const change = (spec: object) => world.client.patchMerge(k0smotronControlPlane, key, { spec } as object)
const until = (
  isSo: (status: NonNullable<K0smotronControlPlane['status']>, object: K0smotronControlPlane) => boolean,
) => world.until(k0smotronControlPlane, key, object => isSo(object.status ?? {}, object))
/** Ready, as many as that, with this version; and the status says so. */
async function untilAll(count: number, version: string): Promise<void> {
  const versions = async () =>
    (await podsThere()).filter(isReady).map(({ metadata }) => metadata.annotations?.['k0smotron.io/k0s-version'])
  await expect.poll(versions).toEqual(Array(count).fill(version))
  await until(({ replicas, readyReplicas, upToDateReplicas }) =>
    [replicas, readyReplicas, upToDateReplicas].every(one => one === count),
  )
}

const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True')
const podsThere = async () => (await world.client.list(pods, { namespace, labelSelector })).items
const uids = async () => (await podsThere()).map(({ metadata }) => metadata.uid)

/** Whether the controllers in the pod elect a leader. */
async function elects({ metadata }: Pod): Promise<boolean> {
  const config = `${set}-config-${metadata.labels?.['k0smotron.io/config']}`
  const secret = await world.client.get(secrets, { namespace, name: config })
  const { spec } = load(decodeBase64(secret?.data?.['k0s.yaml'])) as { spec: { scheduler?: object } }
  return spec.scheduler === undefined
}

/** The fewest pods that were ready at a time. */
function watched(): AsyncDisposable & { readonly fewest: () => number } {
  const end = new AbortController()
  let fewest = Number.POSITIVE_INFINITY
  const watching = (async () => {
    for await (const { objects } of follow(world.client, pods, { namespace, labelSelector, signal: end.signal })) {
      fewest = Math.min(fewest, objects.filter(isReady).length)
    }
  })()
  return {
    fewest: () => fewest,
    [Symbol.asyncDispose]: () => {
      end.abort()
      return watching
    },
  }
}

it('one pod becomes three, each is replaced while the others are ready, and one is left at the end', async () => {
  await using _running = await startControlPlane(world)
  const kine = { dataSourceURL: 'postgres://k0s:k0s@db/k0s' }
  const [first, second, third] = ['v1.36.2+k0s.0', 'v1.36.3+k0s.0', 'v1.36.3+k0s.1']
  const storage = { type: 'kine', kine }
  await makeControlPlane(world, name, { version: first, storage, externalAddress: world.env.publishedAddress })
  const single = await world.until(pods, { namespace, name: `${set}-0` }, isReady)
  expect(await elects(single)).toBe(false)

  await change({ replicas: 3 })
  await world.until(pods, { namespace, name: `${set}-2` }, isReady)
  expect(await Promise.all((await podsThere()).map(elects))).toEqual([true, true, true])
  expect(await uids()).not.toContain(single.metadata.uid)
  await untilAll(3, first)

  const before = await uids()
  {
    await using seen = watched()
    const { metadata } = await change({ version: second })
    const told = await until(({ observedGeneration }) => observedGeneration === metadata.generation)
    expect(told.status?.upToDateReplicas).not.toBe(3)
    await untilAll(3, second)
    expect(seen.fewest()).toBe(2)
  }
  expect((await uids()).filter(uid => before.includes(uid))).toEqual([])

  // no node has as much
  const served = await uids()
  {
    await using seen = watched()
    await change({ resources: { requests: { cpu: '5k' } } })
    const message = `replacing 2 of 3 pods; waiting for Pod ${set}-2 to be ready`
    await until((_, object) => messageOf(object, 'RollingOut') === message)
    await world.quiet()
    expect((await uids()).filter(uid => served.includes(uid))).toHaveLength(2)
    await change({ resources: null })
    await untilAll(3, second)
    expect(seen.fewest()).toBe(2)
  }
  expect((await uids()).filter(uid => served.includes(uid))).toHaveLength(2)

  // of somebody else: Kubernetes evicts no pod that two budgets select
  const ours = await uids()
  const everything = { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'k0smotron' } } } }
  const others = { namespace, name: 'everything' }
  await world.client.create(podDisruptionBudgets, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: others,
    ...everything,
  })
  await change({ version: third })
  const held = `all but one of the PodDisruptionBudgets everything, ${set} to be taken away: Kubernetes evicts no pod that several select`
  await until((_, object) => messageOf(object, 'RollingOut') === `replacing 3 of 3 pods; waiting for ${held}`)
  await world.quiet()
  expect(await uids()).toEqual(ours)
  await world.client.delete(podDisruptionBudgets, others)
  await untilAll(3, third)

  const elected = (await podsThere())[0]?.metadata.labels?.['k0smotron.io/config']
  const scale = { spec: { replicas: 1 } }
  await world.client.patchMerge(k0smotronControlPlane, key, scale, { subresource: 'scale' as 'status' })
  const isElected = ({ metadata }: Pod) => metadata.labels?.['k0smotron.io/config'] === elected
  await world.until(pods, { namespace, name: `${set}-0` }, pod => isReady(pod) && !isElected(pod))
  await untilAll(1, third)
  expect((await podsThere()).map(({ metadata }) => metadata.name)).toEqual([`${set}-0`])

  await world.quiet()
  const mark = await world.env.auditLog.mark()
  const touched = { metadata: { annotations: { 'example.com/touched': 'yes' } } }
  await world.client.patchMerge(statefulSets, { namespace, name: set }, touched)
  await world.quiet()
  const writes = (await world.env.auditLog.since(mark)).filter(one => isWrite(one) && one.user.includes('k0smotron:'))
  expect(writes).toEqual([])
})

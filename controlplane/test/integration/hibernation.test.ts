// Hibernation with real members of etcd: pods end in their order, all else stays, and after waking the data are what they were — shell
import { type K0smotronControlPlane, k0smotronControlPlane } from '@k0smotron-ts/api'
import { follow, isWrite, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { type Pod, persistentVolumeClaims, pods, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EtcdClient, etcdClient } from './etcd-client.ts'
import { type EtcdKubelet, etcdKubelet } from './etcd-kubelet.ts'
import { conditionOf, eventsOf, makeControlPlane, namespace, startControlPlane } from './world.ts'

let world: Management

beforeAll(async () => {
  world = await startManagement({ controllerManager: true, clusterApiKinds: true })
})

afterAll(() => world?.[Symbol.asyncDispose]())

describe.each([1, 3])('%i replicas and as many members', replicas => {
  const name = `asleep-${replicas}`
  const key = { namespace, name }
  const set = `kmc-${name}`
  const members = `${set}-etcd`
  const ordinals = Array.from({ length: replicas }, (_, ordinal) => ordinal)
  const all = [...ordinals.map(one => `${set}-${one}`), ...ordinals.map(one => `${members}-${one}`)].toSorted()
  let kubelet: EtcdKubelet
  let client: EtcdClient

  beforeAll(async () => {
    kubelet = await etcdKubelet(world, namespace, name)
  })

  afterAll(async () => {
    await client?.[Symbol.asyncDispose]()
    await kubelet?.[Symbol.asyncDispose]()
  })

  const wants = (wanted: number) =>
    world.client.patchMerge(k0smotronControlPlane, key, { spec: { replicas: wanted } } as object, {
      subresource: 'scale' as 'status',
    })
  const until = (isSo: (object: K0smotronControlPlane) => boolean) => world.until(k0smotronControlPlane, key, isSo)
  const are = (conditions: Readonly<Record<string, string>>) =>
    until(object => Object.entries(conditions).every(([type, said]) => conditionOf(object, type) === said))
  const podsThere = async () => {
    const { items } = await world.client.list(pods, { namespace, labelSelector: `cluster=${name}` })
    return items.map(({ metadata }) => metadata.name ?? '').toSorted()
  }

  /** Says that pods of k0s are ready: nobody else does. */
  function k0sKubelet(): AsyncDisposable {
    const end = new AbortController()
    const selection = { namespace, labelSelector: `cluster=${name},component=cluster`, signal: end.signal }
    const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }
    const running = (async () => {
      for await (const { objects } of follow(world.client, pods, selection)) {
        const starting = objects.filter(pod => pod.status?.phase !== 'Running')
        for (const { metadata } of starting) {
          const podKey = { namespace, name: metadata.name ?? '' }
          const told = { metadata: { uid: metadata.uid }, status }
          await world.client.patchMerge(pods, podKey, told, { subresource: 'status' }).catch(() => undefined) // it may be gone
        }
      }
    })()
    return {
      [Symbol.asyncDispose]: () => {
        end.abort()
        return running
      },
    }
  }

  /** Pods of both, as they came and went. */
  function watched(): AsyncDisposable & { readonly seen: readonly string[] } {
    const end = new AbortController()
    const seen: string[] = []
    const componentOf = ({ metadata }: Pod) => (metadata.labels?.component === 'etcd' ? 'etcd' : 'k0s')
    const watching = (async () => {
      for await (const { objects } of follow(world.client, pods, {
        namespace,
        labelSelector: `cluster=${name}`,
        signal: end.signal,
      })) {
        const picture = [...new Set(objects.map(componentOf))].toSorted().join(' and ') || 'none'
        if (seen.at(-1) !== picture) seen.push(picture)
      }
    })()
    return {
      seen,
      [Symbol.asyncDispose]: () => {
        end.abort()
        return watching
      },
    }
  }

  /** What has to be the same before and after. */
  async function lasting(): Promise<readonly string[]> {
    const labelSelector = `cluster=${name}`
    const kinds = [secrets, services, persistentVolumeClaims]
    const lists = await Promise.all(
      kinds.map(async type => (await world.client.list(type, { namespace, labelSelector })).items),
    )
    return lists
      .flat()
      .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${JSON.stringify(metadata.annotations ?? {})}`)
      .toSorted()
  }

  const hibernated = {
    Available: 'False Hibernated',
    DatastoreAvailable: 'False Hibernated',
    ControlPlaneComponentsHealthy: 'False Hibernated',
    ScalingDown: 'False NotScalingDown',
  }
  const serving = {
    DatastoreAvailable: 'True DatastoreAvailable',
    ControlPlaneComponentsHealthy: 'True ControlPlaneComponentsHealthy',
  }

  /** As many pods of k0s, and members, all of which serve. */
  async function serve(): Promise<void> {
    await expect.poll(podsThere).toEqual(all)
    await are(serving)
    await until(({ status }) => status?.readyReplicas === replicas)
  }

  async function fallAsleep(): Promise<void> {
    await using watch = watched()
    await wants(0)
    await are(hibernated)
    await expect.poll(podsThere).toEqual([])
    expect(watch.seen).toEqual(['etcd and k0s', 'etcd', 'none'])
    const { status } = await until(({ status: is }) => is?.replicas === 0 && is.readyReplicas === 0)
    expect(status).toMatchObject({ externalManagedControlPlane: true, upToDateReplicas: 0 })
  }

  async function wakeUp(): Promise<void> {
    await using watch = watched()
    await wants(replicas)
    await serve()
    expect(watch.seen).toEqual(['none', 'etcd', 'etcd and k0s'])
  }

  it('sleeps, and wakes with all that it had', async () => {
    await using _k0s = k0sKubelet()
    const idsNow = () => Promise.all(ordinals.map(one => client.idOf(one)))
    const first = await startControlPlane(world)
    await makeControlPlane(world, name, {
      version: 'v1.36.3+k0s.1',
      replicas,
      externalAddress: world.env.publishedAddress,
    })
    await serve()
    client = await etcdClient(world, namespace, name, kubelet)
    expect(await client.voters()).toEqual(ordinals)

    const writing = client.startWriting()
    await expect.poll(() => writing.acknowledged).toBeGreaterThan(20)
    const before = { ids: await idsNow(), lasting: await lasting() }
    await fallAsleep()
    expect(await lasting()).toEqual(before.lasting)
    await first.stop()

    // a manager that begins has nothing to do
    await using _second = await startControlPlane(world)
    const mark = await world.env.auditLog.mark()
    await world.quiet()
    const writes = (await world.env.auditLog.since(mark)).filter(one => isWrite(one) && one.user.includes('k0smotron:'))
    expect(writes).toEqual([])

    await wakeUp()
    expect(await lasting()).toEqual(before.lasting)
    expect(await client.voters()).toEqual(ordinals)
    expect(await idsNow()).toEqual(before.ids)
    expect(await writing.lost()).toEqual([])
    const warnings = (await eventsOf(world, name)).filter(({ type }) => type === 'Warning')
    expect(warnings.map(({ reason }) => reason)).toEqual([])
  })

  it('goes when it is deleted while it hibernates', async () => {
    await using _running = await startControlPlane(world)
    await using _k0s = k0sKubelet()
    await wants(0)
    await are(hibernated)
    await world.client.delete(k0smotronControlPlane, key)
    await expect.poll(() => world.client.get(k0smotronControlPlane, key)).toBeUndefined()
    const left = await world.client.list(statefulSets, { namespace, labelSelector: `cluster=${name}` })
    expect(left.items).toEqual([])
  })
})

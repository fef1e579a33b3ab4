// spec.replicas on etcd, with real members: they come and go, a lost volume is replaced, and no acknowledged write is lost — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { configMaps, persistentVolumeClaims, pods, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EtcdClient, etcdClient } from './etcd-client.ts'
import { type EtcdKubelet, etcdKubelet } from './etcd-kubelet.ts'
import { conditionOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const name = 'members'
const key = { namespace, name }
const set = `kmc-${name}-etcd`
let world: Management
let kubelet: EtcdKubelet
let client: EtcdClient

beforeAll(async () => {
  world = await startManagement({ controllerManager: true, clusterApiKinds: true })
  kubelet = await etcdKubelet(world, namespace, name)
})

afterAll(async () => {
  await client?.[Symbol.asyncDispose]()
  await kubelet?.[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

const wants = (replicas: number) =>
  world.client.patchMerge(k0smotronControlPlane, key, { spec: { replicas } } as object)
const wantsImage = (image: string) =>
  world.client.patchMerge(k0smotronControlPlane, key, { spec: { storage: { etcd: { image } } } } as object)
const images = async () => {
  const { items } = await world.client.list(pods, { namespace, labelSelector: `cluster=${name},component=etcd` })
  return items.flatMap(({ spec }) => spec?.containers?.flatMap(({ image }) => image ?? []) ?? [])
}
const said = (condition: string, message: string) =>
  world.until(
    k0smotronControlPlane,
    key,
    object =>
      conditionOf(object, 'DatastoreAvailable') === condition && messageOf(object, 'DatastoreAvailable') === message,
  )
const ready = (members: number) =>
  said(
    'True DatastoreAvailable',
    members === 1 ? 'the etcd member is ready' : `${members} of ${members} etcd members are ready`,
  )
const claims = async () => {
  const { items } = await world.client.list(persistentVolumeClaims, { namespace, labelSelector: `cluster=${name}` })
  return items.map(({ metadata }) => metadata)
}
const claimNames = async () =>
  (await claims()).map(({ name: claim = '' }) => claim).toSorted((one, other) => one.localeCompare(other))
const claimOf = (ordinal: number) => `etcd-data-${set}-${ordinal}`

it('one member becomes three and five, loses volumes, is rolled, and becomes one again; each acknowledged write is there', async () => {
  await using _running = await startControlPlane(world)
  await makeControlPlane(world, name, { version: 'v1.36.3+k0s.1', externalAddress: world.env.publishedAddress })
  await ready(1)
  client = await etcdClient(world, namespace, name, kubelet)
  expect(await client.voters()).toEqual([0])

  const writing = client.startWriting()
  await wants(3)
  await ready(3)
  expect(await client.voters()).toEqual([0, 1, 2])

  await wants(5)
  await ready(5)
  expect(await client.voters()).toEqual([0, 1, 2, 3, 4])

  // a volume is lost: another member takes its place, under another id
  const before = await client.idOf(1)
  await world.client.delete(persistentVolumeClaims, { namespace, name: claimOf(1) })
  await world.client.delete(pods, { namespace, name: `${set}-1` })
  await expect.poll(async () => (await client.idOf(1)) ?? before).not.toBe(before)
  await ready(5)
  expect(await client.voters()).toEqual([0, 1, 2, 3, 4])

  await wants(3)
  await ready(3)
  await expect.poll(claimNames).toEqual([0, 1, 2].map(claimOf))
  expect(await client.voters()).toEqual([0, 1, 2])

  // an image that nobody can pull takes one pod; another one takes its place, and then that of the others
  const ids = await Promise.all([0, 1, 2].map(client.idOf))
  await wantsImage('registry.example/etcd:broken')
  await expect.poll(images).toContain('registry.example/etcd:broken')
  await world.quiet()
  expect((await images()).filter(image => image.endsWith(':broken'))).toHaveLength(1)
  expect(await client.voters()).toEqual([0, 1, 2])
  await wantsImage('registry.example/etcd:v3.7.1')
  await expect.poll(images).toEqual([0, 1, 2].map(() => 'registry.example/etcd:v3.7.1'))
  await ready(3)
  expect(await Promise.all([0, 1, 2].map(client.idOf))).toEqual(ids)

  // what an autoscaler writes takes members away when that is allowed
  const scale = { spec: { replicas: 1 } } as object
  await world.client.patchMerge(k0smotronControlPlane, key, scale, { subresource: 'scale' as 'status' })
  const allowed = 'k0smotron.io/scale-down-members'
  await said(
    'True DatastoreAvailable',
    `3 of 3 etcd members are ready; no member goes for what was written through /scale without the annotation ${allowed}`,
  )
  await world.quiet()
  expect(await client.voters()).toEqual([0, 1, 2])
  // nor where nobody knows any more who wrote it, as after a restore or a move
  const unknown = { metadata: { managedFields: [{}] } } as object
  await world.client.patchMerge(k0smotronControlPlane, key, unknown)
  await world.quiet()
  const metadata = (await world.client.get(k0smotronControlPlane, key))?.metadata
  expect(metadata?.managedFields?.some(({ subresource }) => subresource === 'scale')).toBe(false)
  expect(metadata?.annotations?.['k0smotron.io/keeps-members']).toBe('1')
  expect(await client.voters()).toEqual([0, 1, 2])
  await world.client.patchMerge(k0smotronControlPlane, key, { metadata: { annotations: { [allowed]: '' } } })
  await ready(1)
  await expect.poll(claimNames).toEqual([claimOf(0)])
  expect(await client.voters()).toEqual([0])

  expect(await writing.lost()).toEqual([])
  expect(writing.acknowledged).toBeGreaterThan(0)

  // nothing is left to be done, and no file lets anybody join
  await world.quiet()
  const live = await world.client.get(statefulSets, { namespace, name: set })
  expect(live?.spec?.replicas).toBe(1)
  const config = await world.client.get(configMaps, { namespace, name: `${set}-config` })
  const members = Object.values(config?.data ?? {}).map(file => /^initial-cluster: (.*)=/m.exec(file)?.[1])
  expect(members).toEqual([0, 1, 2, 3, 4].map(ordinal => `${set}-${ordinal}`))
})

// A control plane is deleted and made again under its name: it never starts on what the first one left behind — shell
import { k0smotronControlPlane, namesOf } from '@k0smotron-ts/api'
import type { Management } from '@k0smotron-ts/hack/testenv'
import { type KubeSecret, persistentVolumeClaims, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, controlPlaneOf, type Made, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const claimOf = (name: string) => keyOf(`etcd-data-kmc-${name}-etcd-0`)
const until = (name: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, 'DatastoreAvailable') === condition)

/** A first control plane that has formed, deleted with everything that goes with it; its Secrets as a backup has them. */
async function leftBehind(name: string, spec: object): Promise<Made & { readonly backup: readonly KubeSecret[] }> {
  const made = await makeControlPlane(world, name, { version, ...spec })
  await until(name, 'True DatastoreAvailable')
  const { ca, frontProxyCA, etcdCA, serviceAccountKey } = namesOf(name)
  const names = [ca, frontProxyCA, etcdCA, serviceAccountKey]
  const backup = await Promise.all(names.map(one => world.until(secrets, keyOf(one), () => true)))
  await world.client.delete(k0smotronControlPlane, keyOf(name))
  await expect.poll(() => world.client.get(k0smotronControlPlane, keyOf(name))).toBeUndefined()
  return { ...made, backup }
}

const again = ({ cluster, controlPlane }: Made) =>
  world.client.create(k0smotronControlPlane, controlPlaneOf(cluster, controlPlane.spec))

it('a volume that was kept is named and not used; when it is deleted, a new one takes its place', async () => {
  const first = await leftBehind('kept', {})
  const volume = await world.until(persistentVolumeClaims, claimOf('kept'), () => true)
  await again(first)
  const bad = await until('kept', 'False DatastoreVolumeFound')
  expect(messageOf(bad, 'DatastoreAvailable')).toMatch(
    /^PersistentVolumeClaim etcd-data-kmc-kept-etcd-0 was made with another authority than Secret kept-etcd has; delete it/,
  )
  await world.untilEvent(keyOf('kept'), 'Warning DatastoreVolumeFound')
  for (const name of ['kmc-kept-etcd', 'kmc-kept']) {
    expect(await world.client.get(statefulSets, keyOf(name))).toBeUndefined()
  }

  await world.client.delete(persistentVolumeClaims, claimOf('kept'))
  await until('kept', 'True DatastoreAvailable')
  const fresh = await world.until(persistentVolumeClaims, claimOf('kept'), () => true)
  expect(fresh.metadata.uid).not.toBe(volume.metadata.uid)
})

it('volumes of a second and third member that were kept are named, not used and not deleted', async () => {
  const memberOf = (ordinal: number) => ({ namespace, name: `etcd-data-kmc-three-etcd-${ordinal}` })
  const first = await leftBehind('three', {})
  const { metadata, spec } = await world.until(persistentVolumeClaims, memberOf(0), () => true)
  const { labels = {}, annotations = {} } = metadata
  for (const ordinal of [1, 2]) {
    const marked = { ...annotations, 'k0smotron.io/etcd-member': `1${ordinal}` }
    const { accessModes = [], resources = {} } = spec ?? {}
    await world.client.create(persistentVolumeClaims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...memberOf(ordinal), labels, annotations: marked },
      spec: { accessModes, resources },
    })
  }
  await again(first)
  const all = await until('three', 'False DatastoreVolumeFound')
  const claims = [0, 1, 2].map(ordinal => memberOf(ordinal).name)
  expect(messageOf(all, 'DatastoreAvailable')).toContain(`PersistentVolumeClaims ${claims.join(', ')} were made with`)

  await world.client.delete(persistentVolumeClaims, memberOf(0))
  const others = await world.until(k0smotronControlPlane, keyOf('three'), object =>
    messageOf(object, 'DatastoreAvailable').startsWith(`PersistentVolumeClaims ${claims.slice(1).join(', ')} were`),
  )
  expect(conditionOf(others, 'DatastoreAvailable')).toBe('False DatastoreVolumeFound')
  await world.quiet()
  for (const name of ['kmc-three-etcd', 'kmc-three']) {
    expect(await world.client.get(statefulSets, keyOf(name))).toBeUndefined()
  }
  for (const ordinal of [1, 2]) {
    expect(await world.client.get(persistentVolumeClaims, memberOf(ordinal))).toBeDefined()
    await world.client.delete(persistentVolumeClaims, memberOf(ordinal))
  }
  await until('three', 'True DatastoreAvailable')
})

it('k0s waits until it is known what is in the volume, however long a part of the first one lingers', async () => {
  const lingering = (finalizers: readonly string[]) =>
    world.client.patchMerge(services, keyOf('kmc-lingers-etcd'), { metadata: { finalizers } })
  const made = await makeControlPlane(world, 'lingers', { version })
  await until('lingers', 'True DatastoreAvailable')
  await lingering(['example.com/backup'])
  await world.client.delete(k0smotronControlPlane, keyOf('lingers'))
  await expect.poll(() => world.client.get(secrets, keyOf('lingers-etcd'))).toBeUndefined()
  await again(made)
  const early = await world.until(k0smotronControlPlane, keyOf('lingers'), object => {
    const { controlPlaneEndpoint } = object.spec
    return controlPlaneEndpoint !== undefined && conditionOf(object, 'CertificatesAvailable').startsWith('True')
  })
  await world.quiet()
  expect(conditionOf(early, 'DatastoreAvailable')).toMatch(/^False/)
  expect(await world.client.get(statefulSets, keyOf('kmc-lingers'))).toBeUndefined()
  await lingering([])
  await until('lingers', 'False DatastoreVolumeFound')
  expect(await world.client.get(statefulSets, keyOf('kmc-lingers'))).toBeUndefined()
})

it('with its authorities restored, a control plane gets its volume back', async () => {
  const first = await leftBehind('restored', {})
  const volume = await world.until(persistentVolumeClaims, claimOf('restored'), () => true)
  await again(first)
  await until('restored', 'False DatastoreVolumeFound')
  for (const { metadata, data = {} } of first.backup) {
    await world.client.patchMerge(secrets, keyOf(metadata.name ?? ''), { data })
  }
  await until('restored', 'True DatastoreAvailable')
  const used = await world.until(persistentVolumeClaims, claimOf('restored'), () => true)
  expect(used.metadata.uid).toBe(volume.metadata.uid)
})

it('with authorities that were there before it, too', async () => {
  const first = await leftBehind('before', {})
  await expect.poll(() => world.client.get(secrets, keyOf('before-etcd'))).toBeUndefined()
  for (const { metadata, ...secret } of first.backup) {
    const { name, labels = {} } = metadata
    await world.client.create(secrets, { ...secret, metadata: { name, namespace, labels } } as KubeSecret)
  }
  await again(first)
  await until('before', 'True DatastoreAvailable')
})

it('the authority of etcd alone, as users have one for all clusters, does not give it the volume', async () => {
  const first = await leftBehind('shared', {})
  await expect.poll(() => world.client.get(secrets, keyOf('shared-etcd'))).toBeUndefined()
  const authority = first.backup.find(({ metadata }) => metadata.name === 'shared-etcd')
  const { metadata: _, ...secret } = authority ?? { metadata: {} }
  const labels = { 'cluster.x-k8s.io/cluster-name': 'shared' }
  await world.client.create(secrets, { ...secret, metadata: { ...keyOf('shared-etcd'), labels } } as KubeSecret)
  await again(first)
  const bad = await until('shared', 'False DatastoreVolumeFound')
  expect(messageOf(bad, 'DatastoreAvailable')).toContain('was made with another authority than Secret shared-ca has')
  expect(await world.client.get(statefulSets, keyOf('kmc-shared-etcd'))).toBeUndefined()
})

it('a volume that goes with its control plane stands in nobody’s way', async () => {
  const first = await leftBehind('gone', { storage: { etcd: { autoDeletePVCs: true } } })
  await again(first)
  await until('gone', 'True DatastoreAvailable')
})

it('a volume without a mark is named with the annotation that makes it usable', async () => {
  await world.client.create(persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: claimOf('marked'),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  await makeControlPlane(world, 'marked', { version })
  const bad = await until('marked', 'False DatastoreVolumeFound')
  const [, marks = ''] =
    /annotate it (\S+=[0-9a-f]{64} \S+=[0-9a-f]{64}) to use/.exec(messageOf(bad, 'DatastoreAvailable')) ?? []
  const annotations = Object.fromEntries(marks.split(' ').map(mark => mark.split('=')))
  await world.client.patchMerge(persistentVolumeClaims, claimOf('marked'), { metadata: { annotations } })
  await until('marked', 'True DatastoreAvailable')
})

// Preparing for `clusterctl move`: the parts are left behind, run on, and can be taken back — shell
import {
  blockMoveAnnotation,
  clusters,
  type KubeObject,
  k0smotronControlPlane,
  prepareMoveAnnotation,
  type ResourceType,
  unblockedForMoveAnnotation,
} from '@k0smotron-ts/api'
import type { Management } from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  type KubeSecret,
  networkPolicies,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, controlPlaneOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const key = { namespace, name: 'mover' }
const spec = { version: 'v1.36.3+k0s.1', storage: { etcd: { autoDeletePVCs: true } } }
const kinds: readonly ResourceType[] = [
  configMaps,
  networkPolicies,
  podDisruptionBudgets,
  secrets,
  services,
  statefulSets,
]
let world: Management

beforeAll(async () => {
  world = await startWorld({ controllerManager: true })
})

afterAll(() => world[Symbol.asyncDispose]())

const untilMovable = (condition: string) =>
  world.until(k0smotronControlPlane, key, object => conditionOf(object, 'Movable') === condition)
const annotate = (value: string | null) =>
  world.client.patchMerge(k0smotronControlPlane, key, { metadata: { annotations: { [prepareMoveAnnotation]: value } } })

async function parts(): Promise<readonly KubeObject[]> {
  const labelSelector = 'app=k0smotron,cluster=mover'
  const lists = await Promise.all(kinds.map(type => world.client.list(type, { namespace, labelSelector })))
  return lists.flatMap(({ items }) => items)
}

const namesAndOwners = (objects: readonly KubeObject[]) =>
  objects.map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.ownerReferences?.length ?? 0}`)

async function identityOf(name: string): Promise<readonly (string | undefined)[]> {
  const pod = await world.client.get(pods, { namespace, name })
  return [pod?.metadata.uid, pod?.metadata.labels?.['controller-revision-hash']]
}

it('is blocked from the first data on, and says what a move would do', async () => {
  await makeControlPlane(world, key.name, spec)
  const object = await untilMovable('False PodsAndVolumesStay')
  expect(messageOf(object, 'Movable')).toContain('by spec.storage.etcd.autoDeletePVCs, its data')
  await world.until(
    k0smotronControlPlane,
    key,
    ({ metadata }) => metadata.annotations?.[blockMoveAnnotation] === 'true',
  )
  await world.until(
    k0smotronControlPlane,
    key,
    one => conditionOf(one, 'ControlPlaneComponentsHealthy') === 'True ControlPlaneComponentsHealthy',
  )
})

it('leaves its parts behind at the word of a user, and takes them back', async () => {
  const before = await parts()
  expect(before.length).toBeGreaterThan(15)
  const running = [await identityOf('kmc-mover-0'), await identityOf('kmc-mover-etcd-0')]
  await annotate('')
  const prepared = await untilMovable('True PreparedForMove')
  expect(prepared.metadata.annotations?.[blockMoveAnnotation]).toBeUndefined()
  expect(namesAndOwners(await parts())).toEqual(namesAndOwners(before).map(text => text.replace(/ 1$/, ' 0')))

  await annotate(null)
  const back = await untilMovable('False PodsAndVolumesStay')
  expect(back.metadata.annotations?.[blockMoveAnnotation]).toBe('true')
  await world.quiet()
  expect(namesAndOwners(await parts())).toEqual(namesAndOwners(before))
  expect([await identityOf('kmc-mover-0'), await identityOf('kmc-mover-etcd-0')]).toEqual(running)
})

/** Without an owner they are parts of the Cluster to clusterctl, by their names; where they came from it deletes them. */
const movedSecrets = ['ca', 'sa', 'proxy', 'etcd', 'kubeconfig'].map(one => `mover-${one}`)

/** Secrets that the pods need and that are not there. */
async function missingSecrets(): Promise<readonly string[]> {
  const sets = await world.client.list(statefulSets, { namespace, labelSelector: 'cluster=mover' })
  const volumes = sets.items.flatMap(set => set.spec?.template?.spec?.volumes ?? [])
  const needed = volumes.flatMap(({ secret, projected }) => [
    secret?.secretName,
    ...(projected?.sources?.map(source => source.secret?.name) ?? []),
  ])
  const { items } = await world.client.list(secrets, { namespace })
  const there = new Set(items.map(({ metadata }) => metadata.name))
  return [...new Set(needed)].filter(name => name !== undefined).filter(name => !there.has(name))
}

it('is let go even while clusterctl has paused the Cluster, and what clusterctl leaves stays; the rest is in the copies', async () => {
  const running = [await identityOf('kmc-mover-0'), await identityOf('kmc-mover-etcd-0')]
  await world.client.patchMerge(clusters, key, { spec: { paused: true } })
  await world.until(k0smotronControlPlane, key, object => conditionOf(object, 'Paused') === 'True Paused')
  await annotate('')
  const told = messageOf(await untilMovable('True PreparedForMove'), 'Movable')
  const before = await parts()
  const copies = (await world.client.list(secrets, { namespace })).items.filter(({ metadata: { name = '' } }) =>
    new RegExp(` ${name}[ ,:]`).test(told),
  )

  for (const name of movedSecrets) await world.client.delete(secrets, { namespace, name })
  await world.client.delete(k0smotronControlPlane, key)
  await world.client.delete(clusters, key)
  await world.untilGone(k0smotronControlPlane, key)
  await world.quiet()
  const left = before.filter(({ metadata: { name = '' } }) => !movedSecrets.includes(name))
  expect(namesAndOwners(await parts())).toEqual(namesAndOwners(left))
  expect([await identityOf('kmc-mover-0'), await identityOf('kmc-mover-etcd-0')]).toEqual(running)

  expect(await missingSecrets()).not.toEqual([])
  for (const { metadata, ...secret } of copies) {
    const { name, labels = {} } = metadata
    await world.client.create(secrets, { ...secret, metadata: { name, namespace, labels } } as KubeSecret)
  }
  expect(await missingSecrets()).toEqual([])
})

const landed = { namespace, name: 'landed' }
const untilLanded = (type: string, condition: string) =>
  world.until(k0smotronControlPlane, landed, object => conditionOf(object, type) === condition)
const prepareLanded = (value: string | null) =>
  world.client.patchMerge(k0smotronControlPlane, landed, {
    metadata: { annotations: { [prepareMoveAnnotation]: value } },
  })

/** As clusterctl brings it: prepared, with its annotations and authorities, and with nothing of what makes it up. */
async function moveHere(): Promise<void> {
  const plain = { version: spec.version }
  const { cluster } = await makeControlPlane(world, landed.name, plain)
  await untilLanded('Movable', 'False PodsAndVolumesStay')
  await prepareLanded('')
  const { metadata } = await untilLanded('Movable', 'True PreparedForMove')
  await world.client.delete(k0smotronControlPlane, landed)
  await world.untilGone(k0smotronControlPlane, landed)
  for (const type of kinds.filter(one => one !== secrets)) {
    const { items } = await world.client.list(type, { namespace, labelSelector: 'app=k0smotron,cluster=landed' })
    await Promise.all(items.map(({ metadata: { name = '' } }) => world.client.delete(type, { namespace, name })))
  }
  for (const name of ['kmc-landed-0', 'kmc-landed-etcd-0']) await world.untilGone(pods, { namespace, name })
  const again = controlPlaneOf(cluster, plain)
  const { annotations = {} } = metadata
  await world.client.create(k0smotronControlPlane, { ...again, metadata: { ...again.metadata, annotations } })
  await untilLanded('Movable', 'True PreparedForMove')
}

/** Takes the volume away, and gives what a backup has of it. */
async function takeVolume(claimed: {
  readonly namespace: string
  readonly name: string
}): Promise<PersistentVolumeClaim> {
  const { metadata, spec: { volumeName: _, ...claim } = {} } = await world.until(
    persistentVolumeClaims,
    claimed,
    () => true,
  )
  await world.client.delete(persistentVolumeClaims, claimed)
  await world.untilGone(persistentVolumeClaims, claimed)
  const { annotations = {}, labels = {} } = metadata
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...claimed, annotations, labels }, spec: claim }
}

it('where it was moved to, the next move is blocked once the volume is restored, and not before', async () => {
  await moveHere()
  const volume = await takeVolume({ namespace, name: 'etcd-data-kmc-landed-etcd-0' })
  await prepareLanded(null)
  await untilLanded('DatastoreAvailable', 'False DatastoreLost')
  await world.quiet()
  const lost = await world.client.get(k0smotronControlPlane, landed)
  expect(lost?.metadata.annotations).not.toHaveProperty([blockMoveAnnotation])

  await world.client.create(persistentVolumeClaims, volume)
  await untilLanded('DatastoreAvailable', 'True DatastoreAvailable')
  await world.quiet()
  const back = await untilLanded('Movable', 'False PodsAndVolumesStay')
  expect(back.metadata.annotations).toMatchObject({ [blockMoveAnnotation]: 'true' })
  expect(back.metadata.annotations).not.toHaveProperty([unblockedForMoveAnnotation])
})

// An upgrade of the provider under a control plane that the release before made: one roll, nothing lost, then silence — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type K0smotronControlPlane,
  type KubeObject,
  k0smotronControlPlane,
  type ResourceType,
} from '@k0smotron-ts/api'
import { type AuditEntry, isWrite, type Management, movableClock, startManagement } from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  type Pod,
  persistentVolumeClaims,
  pods,
  type StatefulSet,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const healthy = 'ControlPlaneComponentsHealthy'
const fieldManager = 'k0smotron-operator'
const renewed = 'k0smotron.io/certificates-renewed'
const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-control-plane'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, controllerManager: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const setsOf = (name: string) => [`kmc-${name}`, `kmc-${name}-etcd`] as const
const said = (name: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, healthy) === condition)
const isReady = ({ status }: Pod) =>
  status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false
/** However long their controller takes to begin: the pod of the generation before is ready, too. */
const isRolledOut = ({ metadata, spec, status }: StatefulSet) =>
  status?.observedGeneration === metadata.generation &&
  status?.currentRevision === status?.updateRevision &&
  status?.readyReplicas === spec?.replicas
const started = (set: string) => world.until(pods, keyOf(`${set}-0`), isReady)
const live = <T extends KubeObject>(type: ResourceType<T>, name: string) => world.until(type, keyOf(name), () => true)
const generationsOf = async (name: string) => {
  const sets = await Promise.all(setsOf(name).map(set => live(statefulSets, set)))
  return sets.map(({ metadata }) => metadata.generation ?? 0)
}
/** The controller of StatefulSets may ask while the old pod of that name is still there: that makes none. */
const isCreatedPod = (name: string) => (entry: AuditEntry) =>
  entry.verb === 'create' &&
  entry.status === 201 &&
  entry.resource === 'pods' &&
  entry.subresource === '' &&
  entry.name.startsWith(`kmc-${name}-`)

/** What the release before made, owned by the control plane. */
async function partsOf({ metadata: { name = '', uid = '' } }: K0smotronControlPlane) {
  const text = await readFile(join(import.meta.dirname, 'fixtures', 'release-before.yaml'), 'utf8')
  const objects = loadAll(text.replaceAll('uid-of-owner', uid).replaceAll('prod', name)) as KubeObject[]
  const ofKind = ({ kind }: ResourceType) => objects.filter(object => object.kind === kind)
  return { configs: ofKind(configMaps), sets: ofKind(statefulSets) as StatefulSet[] }
}

/** Keys, Services and status of a control plane, with the pods, their configuration and the volume of the release before. */
async function madeBefore(name: string): Promise<void> {
  await using provider = await startControlPlane(world)
  await makeControlPlane(world, name, { version })
  await said(name, `True ${healthy}`)
  await world.quiet()
  await provider.stop()
  const status = { initialization: { controlPlaneInitialized: true } }
  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), { status }, { subresource: 'status' })

  for (const set of setsOf(name)) await world.client.delete(statefulSets, keyOf(set))
  for (const set of setsOf(name)) await world.untilGone(pods, keyOf(`${set}-0`))
  const volume = keyOf(`etcd-data-kmc-${name}-etcd-0`)
  await world.client.delete(persistentVolumeClaims, volume)
  await world.untilGone(persistentVolumeClaims, volume)
  const { items } = await world.client.list(configMaps, { namespace, labelSelector: `app=k0smotron,cluster=${name}` })
  for (const { metadata } of items) await world.client.delete(configMaps, keyOf(metadata.name ?? ''))
  const { configs, sets } = await partsOf(await live(k0smotronControlPlane, name))
  for (const object of configs) await world.client.apply(configMaps, object, { fieldManager })
  for (const object of sets) await world.client.apply(statefulSets, object, { fieldManager })
  for (const set of setsOf(name)) await started(set)
  await world.quiet()
}

it('rolls each pod once, deletes nothing that a pod may still read, and is silent then', async () => {
  const name = 'kept'
  await madeBefore(name)
  const [k0s = 0, etcd = 0] = await generationsOf(name)
  const mark = await world.env.auditLog.mark()

  await using provider = await startControlPlane(world)
  await expect.poll(() => generationsOf(name)).toEqual([k0s + 1, etcd + 1])
  for (const set of setsOf(name)) await world.until(statefulSets, keyOf(set), isRolledOut)
  await world.quiet()
  await said(name, `True ${healthy}`)

  const entries = await world.env.auditLog.since(mark)
  expect(await generationsOf(name)).toEqual([k0s + 1, etcd + 1])
  expect(entries.filter(isCreatedPod(name))).toHaveLength(2)
  // a revision of the release before can still make a pod, with the configuration that it names
  expect(entries.filter(entry => ours(entry) && entry.verb === 'delete')).toEqual([])
  expect((await live(configMaps, `kmc-${name}-config`)).data).toHaveProperty(['d298411683.k0s.yaml'])
  const { data = {} } = await live(configMaps, `kmc-${name}-etcd-config`)
  expect(data[`kmc-${name}-etcd-0.yaml`]).not.toContain('quota-backend-bytes')

  await provider.stop()
  const second = await world.env.auditLog.mark()
  await using _again = await startControlPlane(world)
  await world.quiet()
  expect((await world.env.auditLog.since(second)).filter(entry => ours(entry) && isWrite(entry))).toEqual([])
})

it('a network that was changed while the provider was replaced is not rolled out, and certificates of k0s do not end over it', async () => {
  const name = 'changed'
  await madeBefore(name)
  const network = (podCIDR: string) => ({ spec: { k0sConfig: { spec: { network: { podCIDR } } } } })
  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), network('10.8.0.0/16'))
  const [k0s = 0] = await generationsOf(name)

  await using running = await startControlPlane(world)
  const told = await said(name, 'False NetworkChanged')
  expect(messageOf(told, healthy)).toContain('pod blocks from 10.244.0.0/16 to 10.8.0.0/16')
  await world.quiet()
  expect((await generationsOf(name))[0]).toBe(k0s)
  expect((await live(configMaps, `kmc-${name}-config`)).data).toHaveProperty(['d298411683.k0s.yaml'])

  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), network('10.244.0.0/16'))
  await said(name, `True ${healthy}`)
  await world.quiet()
  expect((await generationsOf(name))[0]).toBe(k0s + 1)

  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), network('10.8.0.0/16'))
  await said(name, 'False NetworkChanged')
  await running.stop()
  const before = await live(statefulSets, `kmc-${name}`)
  const clock = movableClock()
  await clock.move(300 * 24 * 60 * 60 * 1000)
  await using _later = await startControlPlane(world, { clock })
  const rolled = await world.until(
    statefulSets,
    keyOf(`kmc-${name}`),
    ({ metadata }) => metadata.generation !== before.metadata.generation,
  )
  const { annotations: { [renewed]: time, ...others } = {}, ...metadata } = rolled.spec?.template?.metadata ?? {}
  expect(time).toBeDefined()
  expect({ ...rolled.spec?.template, metadata: { ...metadata, annotations: others } }).toEqual(before.spec?.template)
})

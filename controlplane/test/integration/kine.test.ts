// A control plane on a database: what is made of its data source, what waits for it, and that it is nowhere else — shell
import {
  decodeBase64,
  type K0smotronCluster,
  type KubeObject,
  k0smotronCluster,
  k0smotronControlPlane,
  type ResourceType,
} from '@k0smotron-ts/api'
import {
  type AuditEntry,
  countBy,
  isEvent,
  isWrite,
  type Management,
  startHostedControlPlane,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  controllerRevisions,
  events,
  type KubeSecret,
  networkPolicies,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { createLogger } from '@k0smotron-ts/runtime/shell'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, eventsOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const dataKey = 'K0SMOTRON_KINE_DATASOURCE_URL'
const log: string[] = []
const logger = createLogger({ level: 'debug', output: { write: line => void log.push(line) } })
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)

function storeDataSource(name: string, text: string): Promise<KubeSecret> {
  const stringData = { [dataKey]: text }
  return world.client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: keyOf(name), stringData })
}

async function configsOf(cluster: string): Promise<readonly KubeSecret[]> {
  const labelSelector = `k0smotron.io/config,cluster=${cluster}`
  return (await world.client.list(secrets, { namespace, labelSelector })).items
}

const dataSourceIn = ({ data }: KubeSecret) =>
  (load(decodeBase64(data?.['k0s.yaml'])) as { spec: { storage: unknown } }).spec.storage

const partKinds: readonly ResourceType<KubeObject>[] = [
  configMaps,
  controllerRevisions,
  events,
  networkPolicies,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  services,
  statefulSets,
] as never

/** Everything that people see who may read no Secrets, the specs of the control planes left out. */
async function seenBy(): Promise<string> {
  const lists = await Promise.all(partKinds.map(type => world.client.list(type, { namespace })))
  const owners = [
    ...(await world.client.list(k0smotronControlPlane, { namespace })).items,
    ...(await world.client.list(k0smotronCluster, { namespace })).items,
  ].map(({ metadata, status }) => ({ metadata, status }))
  const names = (await world.client.list(secrets, { namespace })).items.map(({ metadata }) => metadata)
  const audit = await world.env.auditLog.since({ offset: 0 })
  return [log.join('\n'), JSON.stringify([lists, owners, names, audit])].join('\n')
}

const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-control-plane'

it('waits for the Secret by its name, goes on when it comes, and rolls when it changes', async () => {
  const first = 'postgres://k0s:first-hunter2%20$%23@db/waits'
  const second = 'postgres://k0s:second-hunter2%0Abreak@db2/waits'
  await using _running = await startControlPlane(world, { log: logger })
  const storage = { type: 'kine', kine: { dataSourceSecretName: 'waits-db' }, etcd: { image: 'etcd:1' } }
  await makeControlPlane(world, 'waits', { version, storage, externalAddress: world.env.publishedAddress })
  const waiting = await until('waits', 'DatastoreAvailable', 'False WaitingForDataSource')
  expect(messageOf(waiting, 'DatastoreAvailable')).toContain(`Secret waits-db, which spec.storage.kine`)
  expect(messageOf(waiting, 'NotSupported')).toBe('these fields have no effect yet: spec.storage.etcd.image')
  expect(await world.client.get(statefulSets, keyOf('kmc-waits'))).toBeUndefined()

  await world.client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: keyOf('waits-db') })
  const empty = await until('waits', 'DatastoreAvailable', 'False InvalidDataSource')
  expect(messageOf(empty, 'DatastoreAvailable')).toContain(`nothing under the key ${dataKey}`)
  await world.client.patchMerge(secrets, keyOf('waits-db'), { stringData: { [dataKey]: first } })
  await until('waits', 'DatastoreAvailable', 'True DatastoreConfigured')
  const pod = await world.until(pods, keyOf('kmc-waits-0'), ({ status }) => status?.phase === 'Running')
  const [config, ...others] = await configsOf('waits')
  expect(others).toEqual([])
  expect(config).toMatchObject({ immutable: true, type: 'Opaque' })
  expect(config && dataSourceIn(config)).toEqual({ type: 'kine', kine: { dataSource: first } })
  {
    await using _hosted = await startHostedControlPlane({ env: world.env, ...keyOf('waits'), cluster: 'waits' })
    await until('waits', 'Available', 'True Available')
  }
  const marks = (await world.client.get(k0smotronControlPlane, keyOf('waits')))?.metadata.annotations
  expect(marks).toHaveProperty('k0smotron.io/datastore-formed')
  expect(marks).not.toHaveProperty('clusterctl.cluster.x-k8s.io/block-move')

  const other = 'postgres://k0s:second-hunter2@db/other'
  await world.client.patchMerge(secrets, keyOf('waits-db'), { stringData: { [dataKey]: other } })
  await until('waits', 'DatastoreAvailable', 'False DatastoreChanged')
  const kept = await world.client.get(pods, keyOf('kmc-waits-0'))
  expect(kept?.metadata.uid).toBe(pod.metadata.uid)
  await world.client.patchMerge(secrets, keyOf('waits-db'), { stringData: { [dataKey]: second } })
  await world.until(pods, keyOf('kmc-waits-0'), ({ metadata }) => metadata.uid !== pod.metadata.uid)
  const stored = (await configsOf('waits')).map(one => (dataSourceIn(one) as { kine: { dataSource: string } }).kine)
  expect(stored.map(({ dataSource }) => dataSource).toSorted()).toEqual([first, second].toSorted())

  const named = [...(await eventsOf(world, 'waits'))].map(({ reason }) => reason)
  expect(named).toEqual(expect.arrayContaining(['WaitingForDataSource', 'InvalidDataSource']))
  await world.quiet()
  const seen = await seenBy()
  expect(seen).toContain('kmc-waits-config-')
  for (const part of ['hunter2', ...[first, second].map(text => Buffer.from(text).toString('base64'))]) {
    expect(seen).not.toContain(part)
  }
  expect(seen).not.toMatch(/waits-etcd|waits-apiserver-etcd/)
})

it('an inline data source is nowhere but in the spec and in the configuration; the type stays; then nothing is written', async () => {
  const dataSource = 'mysql://root:inline-hunter2@tcp(db:3306)/inline'
  {
    await using _running = await startControlPlane(world, { log: logger })
    await makeControlPlane(world, 'inline', { version, storage: { type: 'kine', kine: { dataSourceURL: dataSource } } })
    await until('inline', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
    const stored = (await configsOf('inline')).map(dataSourceIn)
    expect(stored).toEqual([{ type: 'kine', kine: { dataSource } }])
    const change = world.client.patchMerge(k0smotronControlPlane, keyOf('inline'), {
      spec: { storage: { type: 'etcd', kine: null } },
    })
    await expect(change).rejects.toThrow('storage.type cannot change')
    await world.quiet()
  }
  const mark = await world.env.auditLog.mark()
  await using _restarted = await startControlPlane(world, { log: logger })
  await world.quiet()
  const written = (await world.env.auditLog.since(mark)).filter(one => ours(one) && isWrite(one) && !isEvent(one))
  expect(countBy(written, ['verb', 'resource', 'name'])).toEqual({})
  expect(await seenBy()).not.toContain('hunter2')
})

it('a Cluster without Cluster API has one too, and goes with all but the Secret of its user', async () => {
  await using _running = await startControlPlane(world, { log: logger })
  await storeDataSource('alone-db', 'postgres://k0s:alone-hunter2@db/alone')
  const storage = { type: 'kine', kine: { dataSourceSecretName: 'alone-db' } } as const
  await world.client.create(k0smotronCluster, {
    apiVersion: 'k0smotron.io/v1beta2',
    kind: 'Cluster',
    metadata: keyOf('alone'),
    spec: { version, storage },
  })
  const isHealthy = ({ status }: K0smotronCluster) =>
    status?.conditions?.some(one => one.type === 'ControlPlaneComponentsHealthy' && one.status === 'True') ?? false
  await world.until(k0smotronCluster, keyOf('alone'), isHealthy)
  expect(await configsOf('alone')).toHaveLength(1)
  await world.client.delete(k0smotronCluster, keyOf('alone'))
  await world.untilGone(k0smotronCluster, keyOf('alone'))
  await expect.poll(() => configsOf('alone')).toEqual([])
  expect(await world.client.get(secrets, keyOf('alone-db'))).toBeDefined()
  expect(await seenBy()).not.toContain('hunter2')
})

it('a Secret of somebody else under the name of the configuration is not used, and its going goes on', async () => {
  await using _running = await startControlPlane(world, { log: logger })
  await storeDataSource('taken-db', 'postgres://k0s:taken-hunter2@db/taken')
  const storage = { type: 'kine', kine: { dataSourceSecretName: 'taken-db' } }
  await makeControlPlane(world, 'taken', { version, storage })
  await until('taken', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  const [config] = await configsOf('taken')
  const name = config?.metadata.name ?? ''
  const pod = await world.client.get(pods, keyOf('kmc-taken-0'))
  // back to the first one, which is somebody else's meanwhile
  await world.client.patchMerge(secrets, keyOf('taken-db'), { stringData: { [dataKey]: 'postgres://k0s:x@db/taken' } })
  await world.until(pods, keyOf('kmc-taken-0'), ({ metadata }) => metadata.uid !== pod?.metadata.uid)
  await world.client.delete(secrets, keyOf(name))
  await world.client.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: keyOf(name) })
  await world.client.patchMerge(secrets, keyOf('taken-db'), {
    stringData: { [dataKey]: 'postgres://k0s:taken-hunter2@db/taken' },
  })
  await until('taken', 'ControlPlaneComponentsHealthy', 'False NotOurs')
  const kept = await world.client.get(statefulSets, keyOf('kmc-taken'))
  expect(JSON.stringify(kept?.spec?.template)).not.toContain(name)
  await world.client.delete(secrets, keyOf(name))
  await until('taken', 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  await world.until(statefulSets, keyOf('kmc-taken'), ({ spec }) => JSON.stringify(spec?.template).includes(name))
})

// What tools that restore objects leave of a control plane: it takes its parts back, and changes nothing — shell
import {
  type Cluster,
  clusters,
  type K0smotronControlPlane,
  type KubeObject,
  k0smotronControlPlane,
  type ResourceType,
} from '@k0smotron-ts/api'
import {
  type AuditEntry,
  isWrite,
  type Management,
  startHostedControlPlane,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  type KubeSecret,
  networkPolicies,
  podDisruptionBudgets,
  pods,
  type StatefulSet,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { issueServiceAccountKey } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, controlPlaneOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const kinds: readonly ResourceType[] = [
  secrets,
  configMaps,
  services,
  networkPolicies,
  podDisruptionBudgets,
  statefulSets,
]
const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-control-plane'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, controllerManager: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const said = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)

interface Listed {
  readonly type: ResourceType
  readonly object: KubeObject
}

async function partsOf(name: string): Promise<readonly Listed[]> {
  const labelSelector = `app=k0smotron,cluster=${name}`
  const lists = await Promise.all(kinds.map(type => world.client.list(type, { namespace, labelSelector })))
  return lists.flatMap(({ items }, index) => items.map(object => ({ type: kinds[index] ?? secrets, object })))
}

const named = (parts: readonly Listed[]) =>
  parts.map(({ type, object }) => `${type.kind} ${object.metadata.name}`).sort()

/** As backup tools restore: name, labels and annotations, and what the object is; no owner, finalizer or status. */
function restored<T extends KubeObject>(object: T): T {
  const { name = '', labels, annotations } = object.metadata
  const metadata = { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) }
  const { status: _, ...rest } = object as T & { readonly status?: unknown }
  return { ...rest, metadata } as unknown as T
}

interface Backup {
  readonly cluster: Cluster
  readonly controlPlane: K0smotronControlPlane
  readonly parts: readonly Listed[]
}

/** With the provider off: a copy of everything, and then nothing is left but the volume. */
async function lose(name: string): Promise<Backup> {
  const key = keyOf(name)
  const cluster = await world.until(clusters, key, () => true)
  const controlPlane = await world.until(k0smotronControlPlane, key, () => true)
  const parts = await partsOf(name)
  await world.client.patchMerge(k0smotronControlPlane, key, { metadata: { finalizers: null } })
  await world.client.delete(clusters, key)
  await world.client.delete(k0smotronControlPlane, key)
  for (const { type, object } of parts) await world.untilGone(type, keyOf(object.metadata.name ?? ''))
  for (const pod of [`kmc-${name}-0`, `kmc-${name}-etcd-0`]) await world.untilGone(pods, keyOf(pod))
  return { cluster, controlPlane, parts }
}

/** Without the parts; Cluster API core gives the control plane its owner again. */
async function restoreRoots({ cluster, controlPlane }: Backup): Promise<void> {
  const made = await world.client.create(clusters, restored(cluster))
  const { metadata, spec } = restored(controlPlane)
  const { metadata: again } = controlPlaneOf(made, spec)
  await world.client.create(k0smotronControlPlane, {
    ...controlPlane,
    metadata: { ...metadata, ...again, ...marks(metadata) },
    status: {},
  })
}

const marks = ({ annotations }: KubeObject['metadata']) => (annotations ? { annotations } : {})

async function restoreParts(parts: readonly Listed[]): Promise<void> {
  for (const { type, object } of parts) await world.client.create(type, restored(object))
}

/** A control plane whose pods run; then the provider is off, and everything is lost. `until`: what is done before. */
async function lost(name: string, spec: object, until = async () => {}): Promise<Backup> {
  const running = await startControlPlane(world)
  await makeControlPlane(world, name, { version, ...spec })
  await said(name, 'DatastoreAvailable', 'True DatastoreAvailable')
  await said(name, 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  await until()
  await world.quiet()
  await running.stop()
  return lose(name)
}

/** As with `kubectl rollout restart`. */
function restartedByHand(part: Listed): Listed {
  if (part.type !== statefulSets) return part
  const set = part.object as StatefulSet
  const template = set.spec?.template
  const annotations = {
    ...template?.metadata?.annotations,
    'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z',
  }
  const spec = { ...set.spec, template: { ...template, metadata: { ...template?.metadata, annotations } } }
  return { ...part, object: { ...set, spec } as StatefulSet }
}

const generations = (parts: readonly Listed[]) =>
  parts.flatMap(({ type, object }) =>
    type === statefulSets ? [`${object.metadata.name} ${object.metadata.generation}`] : [],
  )
const bytes = (parts: readonly Listed[]) =>
  parts.flatMap(({ type, object }) => (type === secrets ? [[object.metadata.name, (object as KubeSecret).data]] : []))
const owners = (parts: readonly Listed[]) =>
  new Set(parts.map(({ object }) => object.metadata.ownerReferences?.map(({ uid }) => uid).join() ?? 'nobody'))

it('takes everything back that is its own, makes nothing twice, and then goes with all of it', async () => {
  const name = 'whole'
  const spec = { externalAddress: world.env.publishedAddress, service: { type: 'ClusterIP', apiPort: 30451 } }
  const backup = await lost(name, spec, async () => {
    await using _answering = await startHostedControlPlane({ env: world.env, namespace, cluster: name })
    await said(name, 'OIDCDocumentsAvailable', 'True OIDCDocumentsAvailable')
  })
  await restoreRoots(backup)
  await restoreParts(backup.parts.map(restartedByHand))
  const runs = (pod: string) =>
    world.until(
      pods,
      keyOf(pod),
      ({ status }) => status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false,
    )
  const before = [await runs('kmc-whole-0'), await runs('kmc-whole-etcd-0')]

  const running = await startControlPlane(world)
  await said(name, 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  await using _hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: name })
  await said(name, 'Available', 'True Available')
  await world.quiet()
  const after = await partsOf(name)
  const { metadata } = await said(name, 'Available', 'True Available')
  expect(named(after)).toEqual(named(backup.parts))
  expect(owners(after)).toEqual(new Set([metadata.uid]))
  expect(bytes(after)).toEqual(bytes(backup.parts))
  expect(generations(after)).toEqual(['kmc-whole 1', 'kmc-whole-etcd 1'])
  const now = [await runs('kmc-whole-0'), await runs('kmc-whole-etcd-0')]
  expect(now.map(pod => pod.metadata.uid)).toEqual(before.map(pod => pod.metadata.uid))

  await running.stop()
  const mark = await world.env.auditLog.mark()
  await using _again = await startControlPlane(world)
  await world.quiet()
  const requests = (await world.env.auditLog.since(mark)).filter(ours)
  expect(requests.filter(entry => isWrite(entry) || entry.verb === 'get')).toEqual([])

  // a field that the tool wrote for us is ours to drop
  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), { spec: { service: { konnectivityPort: 30452 } } })
  const service = await world.until(
    services,
    keyOf('kmc-whole'),
    ({ spec: { ports } = {} }) => ports?.some(({ port }) => port === 30452) ?? false,
  )
  expect(service.spec?.ports?.map(({ port }) => port)).toEqual([30451, 30452])

  await world.client.delete(k0smotronControlPlane, keyOf(name))
  await world.untilGone(k0smotronControlPlane, keyOf(name))
  await expect.poll(async () => named(await partsOf(name))).toEqual([])
})

/** Well-formed, and of another backup. */
async function anotherPair(): Promise<NonNullable<KubeSecret['data']>> {
  const { publicKey, privateKey } = await issueServiceAccountKey()
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return { 'tls.crt': base64(publicKey), 'tls.key': base64(privateKey.reveal()) }
}

it('what does not fit is left alone, told, and taken once it fits; what is the user’s stays the user’s', async () => {
  const name = 'partly'
  const backup = await lost(name, {})
  await restoreRoots(backup)
  const {
    'partly-kubeconfig': kubeconfig,
    'partly-ca': authority,
    'partly-sa': pair,
    'kmc-partly-etcd': etcd,
  } = Object.fromEntries(
    backup.parts
      .filter(({ type }) => type === secrets || type === statefulSets)
      .map(one => [one.object.metadata.name, one]),
  )
  if (!kubeconfig || !authority || !pair || !etcd) throw new Error('the backup is not whole')
  const others = backup.parts.filter(one => ![kubeconfig, authority, pair, etcd].includes(one))
  const changed = ({ type, object }: Listed, metadata: KubeObject['metadata'], rest: object = {}) =>
    world.client.create(type, { ...restored(object), ...rest, metadata: { ...restored(object).metadata, ...metadata } })
  await restoreParts(others)
  const usersOwn = await changed(authority, { labels: { 'cluster.x-k8s.io/cluster-name': name } })
  const mark = 'k0smotron.io/authority'
  await changed(etcd, { annotations: { [mark]: 'of another' } })
  await changed(pair, {}, { data: await anotherPair() })
  await changed(kubeconfig, {}, { data: { value: Buffer.from('of another').toString('base64') } })

  await using _running = await startControlPlane(world)
  const bad = await said(name, 'Available', 'False NotOurs')
  expect(messageOf(bad, 'Available')).toBe(
    'StatefulSet kmc-partly-etcd exists and nothing proves that it is ours; it was made with another authority than Secret partly-etcd has: put that one back',
  )
  const untouched = await world.until(statefulSets, keyOf('kmc-partly-etcd'), () => true)
  expect([untouched.metadata.generation, untouched.metadata.ownerReferences]).toEqual([1, undefined])

  const { annotations = {} } = etcd.object.metadata
  await world.client.patchMerge(statefulSets, keyOf('kmc-partly-etcd'), {
    metadata: { annotations: { [mark]: annotations[mark] ?? '' } },
  })
  const mixed = await said(name, 'CertificatesAvailable', 'False InvalidCertificate')
  expect(messageOf(mixed, 'CertificatesAvailable')).toContain('Secret partly-sa: with it the authorities are not those')
  await world.quiet()
  expect(generations(await partsOf(name))).toEqual(['kmc-partly 1', 'kmc-partly-etcd 1'])
  await world.client.patchMerge(secrets, keyOf('partly-sa'), { data: (pair.object as KubeSecret).data ?? {} })
  const worse = await said(name, 'KubeconfigAvailable', 'False NotOurs')
  expect(messageOf(worse, 'KubeconfigAvailable')).toBe(
    'Secret partly-kubeconfig exists and nothing proves that it is ours; delete it, and a new one is made',
  )
  await world.client.delete(secrets, keyOf('partly-kubeconfig'))
  await said(name, 'KubeconfigAvailable', 'True KubeconfigAvailable')
  await said(name, 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  await world.quiet()
  const now = await partsOf(name)
  expect(generations(now)).toEqual(['kmc-partly 1', 'kmc-partly-etcd 1'])
  expect(owners(now).has('nobody')).toBe(false)
  expect(await world.client.get(secrets, keyOf('partly-ca'))).toEqual(usersOwn)

  await world.client.delete(k0smotronControlPlane, keyOf(name))
  await world.untilGone(k0smotronControlPlane, keyOf(name))
  await expect.poll(async () => named(await partsOf(name))).toEqual([])
  expect(await world.client.get(secrets, keyOf('partly-ca'))).toEqual(usersOwn)
})

// JoinTokenRequest: a token from its making to its end, with a real API server as the workload cluster — shell
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  clusterNamespaceAnnotation,
  decodeJoinToken,
  type JoinTokenRequest,
  joinTokenCondition,
  joinTokenNamespacesAnnotation,
  joinTokenRequest,
  type K0smotronCluster,
  type KubeObject,
  k0smotronCluster,
  type ResourceType,
} from '@k0smotron-ts/api'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type AuditEntry,
  clientOf,
  countBy,
  type HostedControlPlane,
  isWrite,
  type Management,
  type RunningProvider,
  startHostedControlPlane,
  startManagement,
  until,
} from '@k0smotron-ts/hack/testenv'
import { type Client, type KubeSecret, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { namespace } from './world.ts'

const apiVersion = 'k0smotron.io/v1beta2'
const namespaces: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
}
let world: Management
let running: RunningProvider
let hosted: HostedControlPlane
let inside: Client

const start = () => world.start(controlPlaneProvider, 'k0smotron-standalone', { enableController: 'standalone' })
const keyOf = (name: string, where = namespace) => ({ namespace: where, name })

beforeAll(async () => {
  world = await startManagement({ kwok: true })
  await world.env.addNode('node-1')
  running = await start()
  await world.client.create(k0smotronCluster, {
    apiVersion,
    kind: 'Cluster',
    metadata: { name: 'join', namespace },
    spec: { externalAddress: world.env.publishedAddress },
  } as K0smotronCluster)
  await world.until(k0smotronCluster, keyOf('join'), ({ status }) => status?.readyReplicas === 1)
  hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: 'join' })
  inside = clientOf(hosted.connection)
})

afterAll(async () => {
  await inside?.close()
  await hosted?.stop()
  await running?.stop()
  await world[Symbol.asyncDispose]()
})

const make = (name: string, spec: object = {}, metadata: object = {}) =>
  world.client.create(joinTokenRequest, {
    apiVersion,
    kind: 'JoinTokenRequest',
    metadata: { namespace, ...metadata, name },
    spec: { clusterName: 'join', ...spec },
  } as JoinTokenRequest)

const reasonOf = ({ status }: JoinTokenRequest) =>
  status?.conditions?.find(({ type }) => type === joinTokenCondition.joinTokenSecretCreated)?.reason

const untilReason = (name: string, reason: string, where = namespace) =>
  world.until(joinTokenRequest, keyOf(name, where), object => reasonOf(object) === reason)

const textOf = ({ data }: KubeSecret) => Buffer.from(data?.token ?? '', 'base64').toString()
const known = (id: string | undefined) =>
  inside.get(secrets, { namespace: 'kube-system', name: `bootstrap-token-${id}` })
const untilRevoked = (id: string | undefined) =>
  until(inside, { type: secrets, key: { namespace: 'kube-system', name: `bootstrap-token-${id}` } }, one => !one)
const value = (secret: KubeSecret | undefined, key: string) =>
  Buffer.from(secret?.data?.[key] ?? '', 'base64').toString()

it('a worker gets a token that scripts can take apart, and the workload cluster knows it for as long as asked', async () => {
  await make('worker', { expiry: '2h' })
  const { status } = await untilReason('worker', 'Created')
  const text = textOf(await world.until(secrets, keyOf('worker'), () => true))
  const kubeconfig = gunzipSync(Buffer.from(text, 'base64')).toString()
  expect(kubeconfig.match(/server: .*/g)).toEqual([`server: ${hosted.connection.server}`])
  const rewritten = kubeconfig.replace(/server: .*/g, 'server: https://api.example.org:443')
  expect(decodeJoinToken(gzipSync(rewritten).toString('base64'))).toMatchObject({
    server: 'https://api.example.org:443',
    certificateAuthority: hosted.connection.ca,
    role: 'worker',
    token: expect.stringMatching(new RegExp(`^${status?.tokenID}\\.`)),
  })
  const there = await known(status?.tokenID)
  expect(value(there, 'usage-bootstrap-authentication')).toBe('true')
  expect(value(there, 'expiration')).toBe(status?.expiresAt)
  const life = new Date(status?.expiresAt ?? '').getTime() - new Date(status?.issuedAt ?? '').getTime()
  expect(life).toBe(2 * 3_600_000)
})

it('a controller gets another kind of token, which never ends where nothing is said', async () => {
  await make('controller', { role: 'controller' })
  const { status } = await untilReason('controller', 'Created')
  expect(status).not.toHaveProperty('expiresAt')
  const token = decodeJoinToken(textOf(await world.until(secrets, keyOf('controller'), () => true)))
  expect(token).toMatchObject({ role: 'controller', server: expect.stringMatching(/:9443$/) })
  const there = await known(status?.tokenID)
  expect(value(there, 'usage-controller-join')).toBe('true')
  expect(there?.data).not.toHaveProperty('usage-bootstrap-authentication')
  expect(there?.data).not.toHaveProperty('expiration')
})

it('is left alone then, also after a restart', async () => {
  await make('quiet', { expiry: '1h' })
  await untilReason('quiet', 'Created')
  await world.quiet()
  await running.stop()
  const mark = await world.env.auditLog.mark()
  running = await start()
  await world.quiet()
  const ours = ({ user, name }: AuditEntry) => user.endsWith(':k0smotron-standalone') && name === 'quiet'
  const writes = (await world.env.auditLog.since(mark)).filter(entry => ours(entry) && isWrite(entry))
  expect(countBy(writes, ['verb', 'resource'])).toEqual({})
})

it('a Secret that vanished comes back with another token, good for no longer; the one before lets nobody in', async () => {
  await make('lost', { expiry: '1h' })
  const { status: before } = await untilReason('lost', 'Created')
  await world.client.delete(secrets, keyOf('lost'))
  const { status: after } = await world.until(
    joinTokenRequest,
    keyOf('lost'),
    ({ status }) => status?.tokenID !== before?.tokenID,
  )
  expect(after).toMatchObject({ issuedAt: before?.issuedAt, expiresAt: before?.expiresAt })
  await untilRevoked(before?.tokenID)
  expect(await known(after?.tokenID)).toBeDefined()
})

it('one that is deleted, and made again at once, is another token', async () => {
  await make('again', {})
  const { status: before } = await untilReason('again', 'Created')
  await world.client.delete(joinTokenRequest, keyOf('again'))
  await world.untilGone(joinTokenRequest, keyOf('again'))
  await make('again', {})
  const { status: after } = await untilReason('again', 'Created')
  expect(after?.tokenID).not.toBe(before?.tokenID)
  await untilRevoked(before?.tokenID)
})

it('its end is told, and nothing is renewed until somebody says so', async () => {
  await make('short', { expiry: '1s' })
  const { status } = await untilReason('short', 'Expired')
  await world.untilEvent(keyOf('short'), 'Warning Expired')
  await world.client.delete(secrets, keyOf('short'))
  await world.quiet()
  expect(await world.client.get(secrets, keyOf('short'))).toBeUndefined()
  await world.client.patchMerge(joinTokenRequest, keyOf('short'), { spec: { expiry: '2h' } } as object)
  const { status: longer } = await untilReason('short', 'Created')
  expect(longer?.issuedAt).toBe(status?.issuedAt)
})

it('an expiry that is made so short that it is over takes the token back', async () => {
  await make('shorter', {})
  const { status } = await untilReason('shorter', 'Created')
  await world.client.patchMerge(joinTokenRequest, keyOf('shorter'), { spec: { expiry: '1ms' } } as object)
  await untilReason('shorter', 'Expired')
  await untilRevoked(status?.tokenID)
})

it('one of another role is another token, and the one before lets nobody in', async () => {
  await make('promoted', {})
  const { status: before } = await untilReason('promoted', 'Created')
  await world.client.patchMerge(joinTokenRequest, keyOf('promoted'), { spec: { role: 'controller' } } as object)
  const { status: after } = await world.until(
    joinTokenRequest,
    keyOf('promoted'),
    ({ status }) => status?.tokenID !== before?.tokenID,
  )
  await untilRevoked(before?.tokenID)
  const there = await known(after?.tokenID)
  expect(value(there, 'usage-controller-join')).toBe('true')
  expect(there?.data).not.toHaveProperty('usage-bootstrap-authentication')
  const secret = await world.client.get(secrets, keyOf('promoted'))
  expect(secret?.metadata.labels).toMatchObject({ 'k0smotron.io/role': 'controller' })
})

it('what another made under its name is left alone', async () => {
  const stranger = { apiVersion: 'v1', kind: 'Secret', metadata: keyOf('taken'), data: {} }
  await world.client.create(secrets, stranger as KubeSecret)
  await make('taken', {})
  await untilReason('taken', 'NotOurs')
  expect(await world.client.get(secrets, keyOf('taken'))).toMatchObject({ metadata: { name: 'taken' } })
})

it('another namespace gets a token only while the Cluster lists it', async () => {
  await world.client.create(namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'tenant' },
  } as KubeObject)
  const elsewhere = { namespace: 'tenant', annotations: { [clusterNamespaceAnnotation]: namespace } }
  await make('across', {}, elsewhere)
  await untilReason('across', 'NamespaceNotAllowed', 'tenant')
  expect(await world.client.get(secrets, keyOf('across', 'tenant'))).toBeUndefined()
  const list = (listed: string | null) =>
    world.client.patchMerge(k0smotronCluster, keyOf('join'), {
      metadata: { annotations: { [joinTokenNamespacesAnnotation]: listed } },
    } as object)
  await list('other, tenant')
  const { status } = await untilReason('across', 'Created', 'tenant')
  await list(null)
  await untilReason('across', 'NamespaceNotAllowed', 'tenant')
  await untilRevoked(status?.tokenID)
  await world.untilGone(secrets, keyOf('across', 'tenant'))
  await list('tenant')
  await untilReason('across', 'Created', 'tenant')
})

it('one that is led to another Cluster goes, and its token lets nobody in', async () => {
  await make('turned', {})
  const { status } = await untilReason('turned', 'Created')
  const metadata = { name: 'join', namespace: 'tenant' }
  await world.client.create(k0smotronCluster, { apiVersion, kind: 'Cluster', metadata, spec: {} } as K0smotronCluster)
  await world.client.patchMerge(joinTokenRequest, keyOf('turned'), {
    metadata: { annotations: { [clusterNamespaceAnnotation]: 'tenant' } },
  } as object)
  await world.untilGone(joinTokenRequest, keyOf('turned'))
  expect(await known(status?.tokenID)).toBeUndefined()
})

it('goes with its Cluster, from every namespace', async () => {
  await world.client.delete(k0smotronCluster, keyOf('join'))
  await world.untilGone(k0smotronCluster, keyOf('join'))
  for (const name of ['worker', 'controller', 'lost']) {
    await world.untilGone(joinTokenRequest, keyOf(name))
    await world.untilGone(secrets, keyOf(name))
  }
  await world.untilGone(joinTokenRequest, keyOf('across', 'tenant'))
})

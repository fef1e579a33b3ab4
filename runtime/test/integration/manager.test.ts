// A manager on a real API server: lease, lists, passes, Events and protected metrics — shell
import { request } from 'node:https'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { clientOf, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import {
  awaitChange,
  type Client,
  configMaps,
  events,
  fixedCredentials,
  keyOf,
  leases,
  type Shell,
  wakeOn,
} from '@k0smotron-ts/runtime'
import {
  createEventRecorder,
  createLogger,
  createManager,
  createMetrics,
  createProviderManager,
  systemClock,
  undiciTransport,
} from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCache } from '../../src/cache/cache.ts'
import { leaseName } from '../../src/leader/lease.ts'

let env: TestEnv
let admin: Client

beforeAll(async () => {
  env = await startTestEnv()
  admin = clientOf(env.connection)
})

afterAll(async () => {
  await admin.close()
  await env.stop()
})

const lease = { namespace: 'default', name: 'manager-test' }

/** Of a k0smotron that was started without `--enable-controller`: hexadecimal MD5 of nothing. */
const oldLease = { namespace: 'default', name: 'd41d8cd98f00b204e9800998ecf8427e.k0smotron.io' }

/** Promises that are kept when something is said. */
function ear() {
  const said = new Map<string, ReturnType<typeof Promise.withResolvers<Record<string, unknown>>>>()
  const of = (what: string) => {
    const heard = said.get(what) ?? Promise.withResolvers<Record<string, unknown>>()
    said.set(what, heard)
    return heard
  }
  return {
    say: (what: string, how: Record<string, unknown> = {}) => of(what).resolve(how),
    hear: (what: string) => of(what).promise,
  }
}

/** A log whose lines can be waited for. */
function heardLog() {
  const { say, hear } = ear()
  const write = (text: string): void => {
    const line = JSON.parse(text)
    say(line.msg, line)
  }
  return { say, hear, log: createLogger({ level: 'info', output: { write } }) }
}

/** A manager whose only controller tells that it saw a ConfigMap. */
function startManager(identity: string) {
  const { say, hear, log } = heardLog()
  const client = clientOf(env.connection, identity)
  const pacing = { clock: systemClock, random: Math.random }
  const cache = createCache({ client, fieldManager: 'test', log, pacing })
  const source = { component: 'manager-test', instance: identity }
  const recorder = createEventRecorder({ client, clock: systemClock, log, source })
  const watched = { type: configMaps, labelSelector: 'watched=yes', namespace: 'default' }
  const controller = {
    name: 'configmap',
    primary: configMaps,
    wakes: [wakeOn(watched, object => [keyOf(object)])],
    reconcile: async (key: ReturnType<typeof keyOf>, { read }: Shell) => {
      const object = read.get(configMaps, key)
      if (object) recorder.record(object, { type: 'Normal', reason: 'Seen', message: 'The ConfigMap was seen' })
      say(`pass ${key.name}`)
      return awaitChange
    },
  }
  const address = { host: '127.0.0.1', port: 0 }
  const manager = createManager({
    flags: { leaderElect: true, insecureDiagnostics: false, diagnosticsAddress: address },
    client,
    connectForLease: () => clientOf(env.connection, identity),
    cache,
    lease,
    identity,
    events: recorder,
    log,
    metrics: createMetrics(),
    controllers: [{ controller, shellFor: pass => pass as unknown as Shell, concurrency: 2 }],
  })
  const stopping = new AbortController()
  const code = manager.run(stopping.signal)
  const stop = (): Promise<number> => {
    stopping.abort()
    return code
  }
  return { hear, stop }
}

const configMap = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name, labels: { watched: 'yes' } },
})

test('work goes from one manager to the next, and what was told is not told again', async () => {
  const first = startManager('first')
  await first.hear('Controllers started')
  const second = startManager('second')
  expect(await second.hear('Waiting for the lease')).toMatchObject({ holder: 'first' })
  await admin.create(configMaps, configMap('one'))
  await first.hear('pass one')
  expect(await first.stop()).toBe(0)

  await second.hear('Controllers started')
  await second.hear('pass one')
  const held = await admin.get(leases, lease)
  expect(held?.spec).toMatchObject({ holderIdentity: 'second', leaseDurationSeconds: 15, leaseTransitions: 1 })
  expect(await second.stop()).toBe(0)

  const given = await admin.get(leases, lease)
  expect(given?.spec?.holderIdentity ?? '').toBe('')
  const { items } = await admin.list(events, { namespace: 'default', fieldSelector: 'involvedObject.name=one' })
  expect(items).toMatchObject([
    { reason: 'Seen', message: 'The ConfigMap was seen', count: 1, source: { component: 'manager-test' } },
  ])
})

test('a provider begins when k0smotron, which does its work under another Lease, has given that back', async () => {
  const spec = { holderIdentity: 'k0smotron-old', leaseDurationSeconds: 3_600 }
  const held = await admin.create(leases, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: oldLease,
    spec,
  })
  const { log, hear } = heardLog()
  const { server, ca, identity } = env.connection
  const provider = { name: 'any', fieldManager: 'any', controllers: () => [], watchFilterLabel: 'any' }
  const manager = createProviderManager(provider, {
    connect: () => undiciTransport({ server, ca, credentials: fixedCredentials(identity ?? {}), userAgent: 'any' }),
    flags: {
      enableController: '',
      leaderElect: true,
      concurrency: 1,
      insecureDiagnostics: true,
      hostedApi: ['endpoint'],
      allowWorkloadAddresses: [],
      logLevel: 'info',
      webhookPort: 0,
    },
    namespace: 'default',
    log,
    metrics: createMetrics(),
  })
  const stopping = new AbortController()
  const code = manager.run(stopping.signal)
  expect(await hear('Waiting for the lease')).toMatchObject({ lease: oldLease.name, holder: 'k0smotron-old' })
  const names = async () =>
    (await admin.list(leases, { namespace: 'default' })).items.map(({ metadata }) => metadata.name)
  expect(await names()).not.toContain(leaseName('any'))

  await admin.replace(leases, { ...held, spec: { ...held.spec, holderIdentity: '' } })
  await hear('Controllers started')
  expect(await names()).toContain(leaseName('any'))
  stopping.abort()
  expect(await code).toBe(0)
})

const type = (group: string, kind: string, plural: string): ResourceType => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced: kind === 'ServiceAccount',
})

async function serviceAccount(name: string): Promise<string> {
  const metadata = { namespace: 'default', name }
  await admin.create(type('', 'ServiceAccount', 'serviceaccounts'), {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata,
  })
  const { identity } = await env.connectionFor({ serviceAccount: metadata })
  return identity && 'token' in identity ? String(identity.token) : ''
}

async function allowMetrics(name: string): Promise<void> {
  const group = 'rbac.authorization.k8s.io'
  const apiVersion = `${group}/v1`
  const metadata = { name: 'metrics-reader' }
  const role = { apiVersion, kind: 'ClusterRole', metadata, rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] }
  const binding = {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'metrics-reader' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
  }
  await admin.create(type(group, 'ClusterRole', 'clusterroles'), role as KubeObject)
  await admin.create(type(group, 'ClusterRoleBinding', 'clusterrolebindings'), binding as KubeObject)
}

/** kube-apiserver's authorizer learns of a binding a moment after it is stored. */
async function untilAllowed(name: string): Promise<void> {
  const group = 'authorization.k8s.io'
  const user = `system:serviceaccount:default:${name}`
  const spec = { user, nonResourceAttributes: { path: '/metrics', verb: 'get' } }
  const review = { apiVersion: `${group}/v1`, kind: 'SubjectAccessReview', metadata: {}, spec }
  const reviews = type(group, 'SubjectAccessReview', 'subjectaccessreviews')
  const isAllowed = async (): Promise<boolean> => Object(await admin.create(reviews, review)).status.allowed
  while (!(await isAllowed())) await new Promise(resolve => setImmediate(resolve))
}

const scrape = (port: number, token: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    // The certificate is made by the process itself: there is nothing to check it against.
    const asked = request({
      host: '127.0.0.1',
      port,
      path: '/metrics',
      headers,
      rejectUnauthorized: false,
      agent: false,
    })
    asked.on('response', response => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject).end()
  })

test('metrics are for those whom RBAC allows them', async () => {
  const [reader, stranger] = [await serviceAccount('reader'), await serviceAccount('stranger')]
  await allowMetrics('reader')
  await untilAllowed('reader')
  const manager = startManager('third')
  const { port } = await manager.hear('Listening')

  expect(await scrape(Number(port), reader)).toBe(200)
  expect(await scrape(Number(port), stranger)).toBe(403)
  expect(await scrape(Number(port), 'rubbish')).toBe(401)
  expect(await manager.stop()).toBe(0)
})

// Bad input and trouble: each is said by a condition and an Event, and heals when its cause goes — shell
import { clusters, type KubeObject, k0sWorkerConfig } from '@k0smotron-ts/api'
import { type RunningProvider, untilRefused } from '@k0smotron-ts/hack/testenv'
import { configMaps, events, secrets } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  clusterSecrets,
  conditionOf,
  createMachine,
  filesOf,
  initialized,
  keyIn,
  makeCluster,
  makeConfig,
  makeMachine,
  makeReadyCluster,
  messageOf,
  own,
  secretOf,
  startBootstrap,
  startWorld,
  text,
  untilSaid,
  type World,
} from './world.ts'

let world: World
let running: RunningProvider

beforeAll(async () => {
  world = await startWorld()
  running = await startBootstrap(world)
  await makeReadyCluster(world, 'ready')
})

afterAll(async () => {
  await running.stop()
  await world[Symbol.asyncDispose]()
})

const key = (name: string) => keyIn(world, name)
const patchSpec = (name: string, spec: object) =>
  world.management.client.patchMerge(k0sWorkerConfig, key(name), { spec })
const until = (name: string, condition: string) => untilSaid(world, name, condition)
/** The server's own words are in an Event. */
async function untilAnswer({ management: { client }, namespace }: World, name: string, words: string): Promise<void> {
  const answers = async () => {
    const { items } = await client.list(events, { namespace, fieldSelector: `involvedObject.name=${name}` })
    return items.flatMap(({ reason, message = '' }) => (reason === 'ApplyRefused' ? [message] : [])).join()
  }
  await expect.poll(answers).toContain(words)
}
const available = (name: string) => until(name, 'True Available')

it.each<[string, object, string, string, object]>([
  ['version', { version: 'newest' }, 'InvalidSpec', '"newest" is not a version of k0s', { version: 'v1.36.3' }],
  ['arguments', { args: ['--labels="a=b'] }, 'InvalidSpec', 'spec.args[0] has a quote', { args: [] }],
  [
    'host-name',
    { args: ['--kubelet-extra-args=--provider-id=rack://row1/$(hostname)'] },
    'InvalidSpec',
    '%{hostname}',
    { args: ['--kubelet-extra-args=--provider-id=rack://row1/%{hostname}'] },
  ],
  [
    'braces',
    { args: ['--kubelet-extra-args=--provider-id=cloud://{{ v1.instance_id }}'] },
    'InvalidSpec',
    'spec.args[0] has {{, and no template engine reads it',
    { args: ['--kubelet-extra-args=--provider-id=cloud://%{instance-id}'] },
  ],
  [
    'cluster-keys',
    { files: [{ path: '/etc/ca.key', contentFrom: { secretRef: { name: 'ready-ca', key: 'tls.key' } } }] },
    'InvalidSpec',
    'spec.files[0].contentFrom refers to Secret ready-ca: what Cluster API and its providers keep under such a name',
    { files: [] },
  ],
  [
    'own-file',
    { files: [{ path: '/etc/k0s.token', content: '' }] },
    'InvalidSpec',
    'spec.files[0].path',
    { files: [] },
  ],
  [
    'ignition',
    { provisioner: { type: 'ignition', ignition: { variant: 'fcos', version: '1.0.0' } } },
    'NotSupported',
    'spec.provisioner.type',
    { provisioner: null },
  ],
  [
    'windows',
    { provisioner: { platform: 'windows' } },
    'NotSupported',
    'spec.provisioner.platform',
    { provisioner: null },
  ],
])('%s: said, told as an Event, healed by an edit', async (name, spec, reason, message, edit) => {
  await makeMachine(world, { cluster: 'ready', name, spec })
  const bad = await until(name, `False ${reason}`)
  expect(messageOf(bad)).toContain(message)
  expect(bad.status?.initialization?.dataSecretCreated).toBeUndefined()
  await world.management.untilEvent(key(name), `Warning ${reason}`)
  expect(await world.management.client.get(secrets, key(name))).toBeUndefined()

  await patchSpec(name, edit)
  await available(name)
})

it('a config that only a MachineSet owns waits for its Machine', async () => {
  const { client } = world.management
  await makeConfig(world, { cluster: 'ready', name: 'handed-over' })
  await world.management.untilEvent(key('handed-over'), 'Normal WaitingForOwner')
  const set = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'MachineSet', name: 'set', uid: 'uid-of-set' }
  await client.patchMerge(k0sWorkerConfig, key('handed-over'), { metadata: { ownerReferences: [set] } })
  await world.management.until(k0sWorkerConfig, key('handed-over'), config =>
    messageOf(config).includes('MachineSet set'),
  )

  await own(world, await createMachine(world, { cluster: 'ready', name: 'handed-over' }))
  await available('handed-over')
})

it('everything that comes late is waited for by name, in whatever order it comes', async () => {
  const { client } = world.management
  await makeMachine(world, { cluster: 'late', name: 'late' })
  expect(messageOf(await until('late', 'False WaitingForCluster'))).toContain('Cluster late')

  await makeCluster(world, 'late', { paused: true, controlPlaneEndpoint: undefined })
  await world.management.until(
    k0sWorkerConfig,
    key('late'),
    config => config.status?.conditions?.some(({ type, status }) => type === 'Paused' && status === 'True') ?? false,
  )
  await client.patchMerge(clusters, key('late'), { spec: { paused: false } })
  await world.management.until(k0sWorkerConfig, key('late'), config =>
    messageOf(config).includes('spec.controlPlaneEndpoint'),
  )

  await client.patchMerge(clusters, key('late'), { spec: { controlPlaneEndpoint: { host: '10.0.0.5', port: 30443 } } })
  await world.management.until(k0sWorkerConfig, key('late'), config => messageOf(config).includes('to be initialized'))

  await client.patchMerge(clusters, key('late'), initialized, { subresource: 'status' })
  expect(messageOf(await until('late', 'False WaitingForCertificates'))).toContain('Secret late-ca')

  const { ca, kubeconfig } = await clusterSecrets(world, 'late')
  await client.create(secrets, ca)
  expect(messageOf(await until('late', 'False WaitingForKubeconfig'))).toContain('Secret late-kubeconfig')

  await client.create(secrets, kubeconfig)
  await available('late')
})

it('a kubeconfig that would act with our rights, or leads nowhere, is refused; a good one heals it', async () => {
  const { client } = world.management
  await makeReadyCluster(world, 'odd')
  const good = text((await world.management.until(secrets, key('odd-kubeconfig'), () => true)).data?.value)
  const put = (value: string) =>
    client.patchMerge(secrets, key('odd-kubeconfig'), { data: { value: Buffer.from(value).toString('base64') } })

  await put('users: [{name: a, user: {exec: {command: id}}}]')
  await makeMachine(world, { cluster: 'odd', name: 'odd' })
  expect(messageOf(await until('odd', 'False WaitingForKubeconfig'))).toMatch(
    /^Secret odd-kubeconfig: kubeconfig: .*exec/,
  )

  for (const server of ['169.254.169.254', '127.0.0.1:1']) {
    await put(good.replace(/server: .*/, `server: https://${server}`))
    const message = `nobody at ${server} (Secret odd-kubeconfig) answers as the API server of this cluster`
    const silent = await world.management.until(k0sWorkerConfig, key('odd'), one => messageOf(one) === message)
    expect(conditionOf(silent, 'DataSecretAvailable')).toBe('False ControlPlaneUnreachable')
  }
  await world.management.untilEvent(key('odd'), 'Warning ControlPlaneUnreachable')

  await put(good)
  await available('odd')
})

it('a cluster that nobody answers for while a machine joins is said beside the data, until it answers', async () => {
  const { client } = world.management
  await makeReadyCluster(world, 'away')
  const good = text((await world.management.until(secrets, key('away-kubeconfig'), () => true)).data?.value)
  const put = (value: string) =>
    client.patchMerge(secrets, key('away-kubeconfig'), { data: { value: Buffer.from(value).toString('base64') } })
  const joinable = (said: string) =>
    world.management.until(k0sWorkerConfig, key('away'), config => conditionOf(config, 'Joinable') === said)

  await makeMachine(world, { cluster: 'away', name: 'away' })
  await available('away')
  await put(good.replace(/server: .*/, 'server: https://127.0.0.1:1'))
  expect(conditionOf(await joinable('False ControlPlaneUnreachable'))).toBe('True Available')
  await world.management.untilEvent(key('away'), 'Warning ControlPlaneUnreachable')

  await put(good)
  await joinable('absent')
})

it('contents come from references as soon as they are there, byte for byte', async () => {
  const { client } = world.management
  const files = [
    { path: '/opt/secret', contentFrom: { secretRef: { name: 'content', key: 'a' } } },
    { path: '/opt/config', contentFrom: { configMapRef: { name: 'content', key: 'b' } } },
  ]
  await makeMachine(world, { cluster: 'ready', name: 'references', spec: { files } })
  expect(messageOf(await until('references', 'False WaitingForReference'))).toBe(
    'waiting for key a of Secret content, key b of ConfigMap content',
  )
  await world.management.untilEvent(key('references'), 'Normal WaitingForReference')
  const metadata = { name: 'content', namespace: world.namespace }
  await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { b: 'plain {{ text }}' } })
  await world.management.until(
    k0sWorkerConfig,
    key('references'),
    config => messageOf(config) === 'waiting for key a of Secret content',
  )
  await client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: { a: Buffer.from([0, 255]).toString('base64') },
  })

  await available('references')
  const found = await filesOf(world, 'references')
  expect([found.get('/opt/config'), found.get('/opt/secret')]).toEqual(['plain {{ text }}', 'AP8='])
})

it.each([
  ['foreign-data', 'foreign-data'],
  ['foreign-token', 'foreign-token-join-token'],
])('%s: a Secret of someone else under our name is left alone, and named', async (name, secretName) => {
  const { client } = world.management
  const { metadata, ...theirs } = secretOf(secretName, { namespace: world.namespace, cluster: 'x' }, { mine: 'yes' })
  const { labels: _, ...bare } = metadata
  const before = await client.create(secrets, { ...theirs, metadata: bare })

  await makeMachine(world, { cluster: 'ready', name })
  expect(messageOf(await until(name, 'False NotOurs'))).toBe(
    `Secret ${secretName} exists and nothing proves that it is ours; rename or delete it`,
  )
  await world.management.untilEvent(key(name), 'Warning NotOurs')
  expect(await client.get(secrets, key(secretName))).toEqual(before)

  await client.delete(secrets, key(secretName))
  await available(name)
})

it('a right that is missing is said on the object, and the work goes on when it is given', async () => {
  const { client } = world.management
  const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: false } as const
  const roles = { ...rbac, kind: 'ClusterRole', plural: 'clusterroles' }
  const review = {
    group: 'authorization.k8s.io',
    version: 'v1',
    namespaced: false,
    kind: 'SubjectAccessReview',
    plural: 'subjectaccessreviews',
  }
  type Role = KubeObject & { readonly rules: readonly { readonly resources: string[]; readonly verbs: string[] }[] }
  const role = (await client.get(roles, { name: 'k0smotron-bootstrap' })) as Role
  const rules = role.rules.map(rule =>
    rule.resources.includes('secrets') ? { ...rule, verbs: rule.verbs.filter(verb => verb !== 'create') } : rule,
  )
  const mayCreate = async () => {
    const resourceAttributes = { verb: 'create', resource: 'secrets', namespace: world.namespace }
    const spec = { user: 'system:serviceaccount:k0smotron:k0smotron-bootstrap', resourceAttributes }
    const { apiVersion, kind } = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' }
    const { status } = (await client.create(review, { apiVersion, kind, metadata: {}, spec } as never)) as {
      status?: { allowed: boolean }
    }
    return status?.allowed
  }
  await client.patchMerge(roles, { name: 'k0smotron-bootstrap' }, { rules })
  await expect.poll(mayCreate).toBe(false)
  await makeMachine(world, { cluster: 'ready', name: 'powerless' })
  expect(messageOf(await until('powerless', 'False ApplyRefused'))).toMatch(
    /^refused: Secret \(Forbidden\); mend rights/,
  )
  await untilAnswer(world, 'powerless', 'cannot create resource "secrets"')

  await client.patchMerge(roles, { name: 'k0smotron-bootstrap' }, { rules: role.rules })
  await available('powerless')
})

it('a write that is forbidden is said on the object, and tried again', async () => {
  const { client } = world.management
  const quota = { group: '', version: 'v1', namespaced: true, kind: 'ResourceQuota', plural: 'resourcequotas' }
  const limited = { ...world, namespace: 'limited' }
  await client.create(
    { group: '', version: 'v1', namespaced: false, kind: 'Namespace', plural: 'namespaces' },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'limited' } },
  )
  await makeReadyCluster(limited, 'prod')
  const hard = { 'count/secrets': '2' }
  await client.create(quota, {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'q', namespace: 'limited' },
    spec: { hard },
  } as never)
  await client.patchMerge(
    quota,
    keyIn(limited, 'q'),
    { status: { hard, used: { 'count/secrets': '2' } } },
    { subresource: 'status' },
  )
  await untilRefused(client, secrets, { apiVersion: 'v1', kind: 'Secret', metadata: keyIn(limited, 'trial') })

  await makeMachine(limited, { cluster: 'prod', name: 'm1' })
  await untilSaid(limited, 'm1', 'False ApplyRefused')
  await untilAnswer(limited, 'm1', 'exceeded quota: q')
  await client.delete(quota, keyIn(limited, 'q'))
  await untilSaid(limited, 'm1', 'True Available')
})

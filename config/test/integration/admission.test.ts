// Both providers' webhooks on a real API server: what is said, refused and converted, and what goes on without them — shell
import { type JsonObject, k0smotronControlPlane, k0sWorkerConfig } from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { webhooks as bootstrapWebhooks } from '@k0smotron-ts/bootstrap/rules'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import { webhooks as controlPlaneWebhooks } from '@k0smotron-ts/controlplane/rules'
import {
  freePort,
  type Kubectl,
  kubectlWith,
  leadWebhooks,
  type Management,
  type RunningProvider,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import type { WebhookDeclaration } from '@k0smotron-ts/runtime/rbac'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let world: Management
let run: Kubectl
const running: RunningProvider[] = []

beforeAll(async () => {
  world = await startManagement({ clusterApiKinds: true })
  run = await kubectlWith(world.env.kubeconfig)
  for (const [provider, account, declaration] of [
    [controlPlaneProvider, 'k0smotron-control-plane', controlPlaneWebhooks],
    [bootstrapProvider(), 'k0smotron-bootstrap', bootstrapWebhooks],
  ] as const) {
    const webhookPort = await freePort()
    await leadWebhooks(world.client, declaration, webhookPort)
    running.push(await world.start(provider, account, { webhookPort }))
  }
})

afterAll(() => world[Symbol.asyncDispose]())

async function untilTrusted({ definitions, validating }: WebhookDeclaration): Promise<void> {
  const has = async (...what: readonly string[]): Promise<boolean> => {
    const texts = await run(['get', ...what])
    return texts !== '' && texts.split(' ').every(text => text.startsWith('LS0tLS1'))
  }
  for (const name of definitions) {
    const path = 'jsonpath={.spec.conversion.webhook.clientConfig.caBundle}'
    await expect.poll(() => has('crd', name, '-o', path)).toBe(true)
  }
  const path = 'jsonpath={.webhooks[*].clientConfig.caBundle}'
  await expect.poll(() => has('validatingwebhookconfiguration', validating.name, '-o', path)).toBe(true)
}

it('both providers inject their authority, under the rights of the release', async () => {
  await untilTrusted(controlPlaneWebhooks)
  await untilTrusted(bootstrapWebhooks)
})

const metadata = (name: string) => ({ name, namespace: 'default' })
const controlPlane = (name: string, spec: object, version = 'v1beta2') => ({
  apiVersion: `controlplane.cluster.x-k8s.io/${version}`,
  kind: 'K0smotronControlPlane',
  metadata: metadata(name),
  spec,
})
const controlPlaneTemplate = (name: string, spec: object) => ({
  ...controlPlane(name, { template: { spec } }),
  kind: 'K0smotronControlPlaneTemplate',
})
const workerConfig = (name: string, spec: object) => ({
  apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
  kind: 'K0sWorkerConfig',
  metadata: metadata(name),
  spec,
})
const workerConfigTemplate = (name: string, spec: object) => ({
  ...workerConfig(name, { template: { spec } }),
  kind: 'K0sWorkerConfigTemplate',
})
const cluster = (name: string, spec: object) => ({
  apiVersion: 'k0smotron.io/v1beta2',
  kind: 'Cluster',
  metadata: metadata(name),
  spec,
})

/** What kubectl says; a warning makes it fail. */
const applying = (object: object, ...more: string[]): Promise<string> =>
  run(['apply', '--server-side', '--warnings-as-errors', ...more, '-f', '-'], JSON.stringify(object)).catch(
    (error: Error) => error.message,
  )
const dry = '--dry-run=server'

const bare = 'v1.36.3 has no suffix, v1.36.3+k0s.0 is used'

describe('a warning', () => {
  it.each<[string, (name: string, spec: object) => object, string]>([
    ['a control plane', controlPlane, 'spec.version'],
    ['a template of control planes', controlPlaneTemplate, 'spec.template.spec.version'],
    ['a Cluster', cluster, 'spec.version'],
    ['a worker config', workerConfig, 'spec.version'],
    ['a template of worker configs', workerConfigTemplate, 'spec.template.spec.version'],
  ])('comes with %s whose version has no suffix, and with no other', async (_what, object, field) => {
    expect(await applying(object('w', { version: 'v1.36.3' }), dry)).toContain(`Warning: ${field}: ${bare}`)
    expect(await applying(object('w', { version: 'v1.36.3+k0s.1' }), dry)).toContain('serverside-applied')
  })

  it('names fields that nothing acts on', async () => {
    expect(await applying(controlPlane('f', { monitoring: { enabled: true } }), dry)).toContain(
      'Warning: spec.monitoring.enabled: this release does not act on it',
    )
    expect(await applying(workerConfig('f', { provisioner: { platform: 'windows' } }), dry)).toContain(
      'Warning: spec.provisioner.platform: this release does not act on it',
    )
  })

  it('comes too when the older version is written, beside the one that it is deprecated', async () => {
    const said = await applying(controlPlane('o', { version: 'v1.36.3' }, 'v1beta1'), dry)
    expect(said).toContain(`Warning: spec.version: ${bare}`)
    expect(said).toContain('v1beta1 K0smotronControlPlane is deprecated')
  })

  it('tells that a change of a worker config comes too late', async () => {
    await world.client.create(k0sWorkerConfig, workerConfig('late', {}) as never)
    const status = { initialization: { dataSecretCreated: true } }
    await run([
      'patch',
      'k0sworkerconfig',
      'late',
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    ])
    expect(await applying(workerConfig('late', { args: ['--debug'] }), dry)).toContain(
      'the bootstrap data is made already',
    )
  })
})

it('an object is read in both versions', async () => {
  await applying(
    controlPlane('both', { version: 'v1.36.3+k0s.1', etcd: { args: ['--quota-backend-bytes=1'] } }, 'v1beta1'),
  )
  const read = async (version: string): Promise<JsonObject> =>
    JSON.parse(
      await run(['get', `k0smotroncontrolplanes.${version}.controlplane.cluster.x-k8s.io`, 'both', '-o', 'json']),
    ).spec
  expect(await read('v1beta2')).toMatchObject({ storage: { etcd: { args: ['--quota-backend-bytes=1'] } } })
  expect(await read('v1beta1')).toMatchObject({ etcd: { args: ['--quota-backend-bytes=1'] } })
})

describe('what users write as they like keeps nobody from listing in v1beta1', () => {
  const place = (version: string) =>
    `/apis/controlplane.cluster.x-k8s.io/${version}/namespaces/default/k0smotroncontrolplanes`
  const nested = (lists: number): string => `{"a":${'['.repeat(lists)}${']'.repeat(lists)}}`
  const create = (name: string, k0sConfig: string): Promise<string> =>
    run(
      ['create', '--raw', place('v1beta2'), '-f', '-'],
      JSON.stringify(controlPlane(name, { k0sConfig: {} })).replace('"k0sConfig":{}', `"k0sConfig":${k0sConfig}`),
    )
  const older = (name = ''): Promise<string> => run(['get', '--raw', `${place('v1beta1')}${name && `/${name}`}`])

  it.each([
    ['deep', nested(9_000)],
    ['many', `{"a":[${'1,'.repeat(600_000)}9007199254740993]}`],
    ['maps', `${'{"a":'.repeat(9_000)}{}${'}'.repeat(9_000)}`],
  ])('%s: it comes as it is', async (name, k0sConfig) => {
    await create(name, k0sConfig)
    expect((await older(name)).includes(`"k0sConfig":${k0sConfig}`)).toBe(true)
    expect(await older()).toContain(`"name":"${name}"`)
  })

  it('as deep as the API server takes: the object comes without, and is not written', async () => {
    await create('deepest', nested(9_997)) // with the object, its spec and the map around it
    await expect(create('deeper', nested(9_998))).rejects.toThrow('exceeded max depth')
    const text = await older('deepest')
    expect(text).not.toContain('"k0sConfig":')
    expect(text).toContain('"k0smotron.io/conversion-data":"too-large"')
    expect(await older()).toContain('"name":"deepest"')
    const replaced = run(['replace', '--raw', `${place('v1beta1')}/deepest`, '-f', '-'], text)
    await expect(replaced).rejects.toThrow('write it in v1beta2')
  })
})

async function runningAt(name: string, version: string): Promise<void> {
  await world.client.create(k0smotronControlPlane, controlPlane(name, { version }) as never)
  const status = { version, versions: [{ version, replicas: 1 }], initialization: { controlPlaneInitialized: true } }
  await run([
    'patch',
    'k0smotroncontrolplane',
    name,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ])
}

const patched = (name: string, change: object): Promise<string> =>
  run(['patch', 'k0smotroncontrolplane', name, '--type=merge', '-p', JSON.stringify(change)]).catch(
    (error: Error) => error.message,
  )

describe('a change of the version of what runs', () => {
  beforeAll(() => runningAt('runs', 'v1.35.8+k0s.0'))

  it.each([
    ['v1.36.3+k0s.1', 'patched'],
    ['v1.35.1+k0s.0', 'below v1.35.8+k0s.0'],
    ['v1.37.0+k0s.0', 'more than one minor version above v1.35.8+k0s.0'],
    ['v1.34.9+k0s.0', 'below v1.35.8+k0s.0'],
  ])('to %s: %s', async (version, said) => {
    expect(await patched('runs', { spec: { version } })).toContain(said)
  })
})

describe('when nobody answers', () => {
  beforeAll(async () => {
    await runningAt('alone', 'v1.35.8+k0s.0')
    for (const provider of running.splice(0)) await provider.stop()
  })

  it('the version alone cannot be changed', async () => {
    expect(await patched('alone', { spec: { version: 'v1.36.3+k0s.1' } })).toContain('failed calling webhook')
  })

  it('specs, finalizers, labels, status and scale can be written, and objects be made', async () => {
    for (const change of [
      { spec: { controlPlaneFlags: ['--debug'] } },
      { metadata: { finalizers: ['example.org/stay'] } },
      { metadata: { labels: { some: 'label' } } },
      { metadata: { annotations: { some: 'annotation' } } },
    ])
      expect(await patched('alone', change), JSON.stringify(change)).toContain('patched')
    expect(await run(['scale', 'k0smotroncontrolplane', 'alone', '--replicas=2'])).toContain('scaled')
    expect(await applying(controlPlane('made', { version: 'v1.36.3' }))).toContain('serverside-applied')
  })

  it('objects can be deleted, and what keeps them be taken off', async () => {
    await run(['delete', 'k0smotroncontrolplane', 'alone', 'made', '--wait=false'])
    expect(await patched('alone', { metadata: { finalizers: null }, spec: { version: 'v1.36.3+k0s.1' } })).toContain(
      'patched',
    )
    await world.untilGone(k0smotronControlPlane, metadata('alone'))
  })
})

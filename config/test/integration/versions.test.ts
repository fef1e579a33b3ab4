// Both versions of each kind on a real API server: what a client of one writes, clients of the other read — shell
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  clusterNamespaceAnnotation,
  conversionDataAnnotation,
  crdOf,
  type Kind,
  type KubeObject,
  kinds,
} from '@k0smotron-ts/api'
import {
  clientOf,
  install,
  installFiles,
  type Kubectl,
  kubectlWith,
  startTestEnv,
  type TestEnv,
} from '@k0smotron-ts/hack/testenv'
import type { Client } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversionServer, startConversionServer } from './conversion-server.ts'

let env: TestEnv
let client: Client
let kubectl: Kubectl
let server: ConversionServer

const definitions = () => kinds.map(kind => crdOf(kind, server.client)) as KubeObject[]

beforeAll(async () => {
  env = await startTestEnv()
  client = clientOf(env.connection)
  kubectl = await kubectlWith(env.kubeconfig)
  server = await startConversionServer()
  await install(client, definitions())
})

afterAll(async () => {
  await client.close()
  await server.stop()
  await env.stop()
})

const group = 'controlplane.cluster.x-k8s.io'
const [older, stored] = ['v1beta1', 'v1beta2'].map(version => `k0smotroncontrolplanes.${version}.${group}`) as [
  string,
  string,
]

interface Read {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>>; readonly resourceVersion: string }
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

const read = async (type: string, name: string): Promise<Read> =>
  JSON.parse(await kubectl(['get', type, name, '-o', 'json']))

const text = (version: string, name: string, spec: object) =>
  JSON.stringify({ apiVersion: `${group}/${version}`, kind: 'K0smotronControlPlane', metadata: { name }, spec })

const apply = (version: string, name: string, spec: object, ...args: string[]) =>
  kubectl(['apply', '-f', '-', ...args], text(version, name, spec))

const patch = (type: string, name: string, change: object, ...args: string[]) =>
  kubectl(['patch', type, name, '--type=merge', `--patch=${JSON.stringify(change)}`, ...args])

describe.each([
  ['client-side', []],
  ['server-side', ['--server-side', '--force-conflicts']],
] as const)('with kubectl apply, %s', (side, args) => {
  it('takes v1beta1, keeps v1beta2, and gives v1beta1 back', async () => {
    const name = `there-${side}`
    const service = {
      type: 'LoadBalancer',
      labels: { a: 'b' },
      annotations: { c: 'd' },
      externalTrafficPolicy: 'Local',
      loadBalancerClass: 'e',
    }
    const spec = {
      version: 'v1.34.1-k0s.0',
      controllerPlaneFlags: ['--debug'],
      etcd: { autoDeletePVCs: true },
      service,
      kubeconfigRef: { name: 'k', namespace: 'n' },
    }
    await apply('v1beta1', name, spec, ...args)
    const made = await read(stored, name)
    expect(made.spec).toEqual({
      version: 'v1.34.1-k0s.0',
      replicas: 1,
      controlPlaneFlags: ['--debug'],
      storage: { etcd: { autoDeletePVCs: true } },
      service: { type: 'LoadBalancer' },
      remoteHostCluster: { kubeconfigRef: { name: 'k', namespace: 'n' } },
    })
    expect(made.metadata.annotations).toMatchObject({
      'k0smotron.io/conversion-dropped-service.labels': '{"a":"b"}',
      'k0smotron.io/conversion-dropped-service.externalTrafficPolicy': '"Local"',
    })
    await patch(stored, name, { spec: { version: 'v1.34.2+k0s.0' } })
    expect((await read(older, name)).spec).toEqual({ ...spec, version: 'v1.34.2+k0s.0', replicas: 1 })

    const { labels: _, ...fewer } = service
    await apply('v1beta1', name, { ...spec, service: fewer }, ...args)
    const { annotations } = (await read(stored, name)).metadata
    expect(annotations).not.toHaveProperty(['k0smotron.io/conversion-dropped-service.labels'])
    expect(annotations).toHaveProperty(['k0smotron.io/conversion-dropped-service.annotations'])
  })

  it('gives back what v1beta1 cannot say when a client of v1beta1 writes another field', async () => {
    const name = `back-${side}`
    const patches = [
      { target: { kind: 'Service', component: 'control-plane' }, patch: { type: 'merge', content: '{}' } },
    ]
    const spec = { patches, storage: { type: 'nats', nats: { persistence: { size: '5Gi' } } }, replicas: 3 }
    await kubectl(['create', '-f', '-'], text('v1beta2', name, spec))
    await apply('v1beta1', name, { image: 'example.org/k0s' }, ...args)
    expect((await read(stored, name)).spec).toEqual({ ...spec, image: 'example.org/k0s' })
    expect((await read(stored, name)).metadata.annotations ?? {}).not.toHaveProperty([conversionDataAnnotation])

    await patch(older, name, { spec: { serviceAccount: 'one' } })
    const whole = await read(older, name)
    await kubectl(['replace', '-f', '-'], JSON.stringify({ ...whole, spec: { ...whole.spec, replicas: 5 } }))
    expect((await read(stored, name)).spec).toEqual({
      ...spec,
      replicas: 5,
      image: 'example.org/k0s',
      serviceAccount: 'one',
    })
  })
})

it('stores nothing that v1beta2 refuses, whatever the annotation says, and what v1beta1 says wins', async () => {
  const bad = {
    patches: [{ target: {} }],
    storage: { type: 'kine', kine: { dataSourceSecretName: 'a' } },
    controlPlaneEndpoint: { host: '1.2.3', port: 1 },
    image: 'a:b',
  }
  const metadata = { name: 'bad', annotations: { [conversionDataAnnotation]: JSON.stringify(bad) } }
  await kubectl(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: `${group}/v1beta1`,
      kind: 'K0smotronControlPlane',
      metadata,
      spec: { kineDataSourceSecretName: 'b' },
    }),
  )
  expect((await read(stored, 'bad')).spec).toEqual({
    replicas: 1,
    storage: { type: 'kine', kine: { dataSourceSecretName: 'b' } },
  })
  await patch(stored, 'bad', { spec: { replicas: 2 } })
})

it('keeps what only a template says where the control planes get it', async () => {
  const kind = 'K0smotronControlPlaneTemplate'
  const spec = { template: { spec: { service: { type: 'NodePort', labels: { a: 'b' } }, etcd: { args: ['--x'] } } } }
  await kubectl(
    ['create', '-f', '-'],
    JSON.stringify({ apiVersion: `${group}/v1beta1`, kind, metadata: { name: 'one' }, spec }),
  )
  const type = (version: string) => `k0smotroncontrolplanetemplates.${version}.${group}`
  expect((await read(type('v1beta2'), 'one')).spec).toEqual({
    template: {
      metadata: { annotations: { 'k0smotron.io/conversion-dropped-service.labels': '{"a":"b"}' } },
      spec: { service: { type: 'NodePort' }, storage: { etcd: { args: ['--x'] } } },
    },
  })
  expect((await read(type('v1beta1'), 'one')).spec).toEqual(spec)
})

it('scales and reports in both versions', async () => {
  await apply('v1beta2', 'scaled', { replicas: 1 })
  const status = {
    replicas: 3,
    readyReplicas: 2,
    availableReplicas: 2,
    upToDateReplicas: 1,
    selector: 'app=k0smotron',
    initialization: { controlPlaneInitialized: true },
    ports: { api: 30443, konnectivity: 30132 },
  }
  await patch(stored, 'scaled', { status }, '--subresource=status')
  const shown = { ...status, ready: true, initialized: true, updatedReplicas: 1, unavailableReplicas: 1 }
  expect((await read(older, 'scaled')).status).toEqual(shown)
  for (const [type, replicas] of [
    [older, 3],
    [stored, 5],
  ] as const) {
    await kubectl(['scale', type, 'scaled', `--replicas=${replicas}`])
    const scale = await kubectl([
      'get',
      type,
      'scaled',
      '--subresource=scale',
      '-o',
      'jsonpath={.spec.replicas} {.status.replicas} {.status.selector}',
    ])
    expect(scale).toBe(`${replicas} 3 app=k0smotron`)
  }
  // a write of the spec in v1beta1 takes nothing from the status
  expect((await read(stored, 'scaled')).status).toEqual(status)
  await patch(older, 'scaled', { status: { readyReplicas: 0 } }, '--subresource=status')
  expect((await read(stored, 'scaled')).status).toEqual({ ...status, readyReplicas: 0 })
})

it('tells in v1beta1 what a Cluster is, and where the Cluster of a JoinTokenRequest is', async () => {
  const create = (kind: string, name: string, spec: object) =>
    kubectl(
      ['create', '-f', '-'],
      JSON.stringify({ apiVersion: 'k0smotron.io/v1beta1', kind, metadata: { name }, spec }),
    )
  await create('Cluster', 'alone', { service: { type: 'NodePort', labels: { a: 'b' } }, etcd: { args: ['--x'] } })
  const conditions = [
    {
      type: 'Available',
      status: 'False',
      reason: 'Some',
      message: 'waits',
      lastTransitionTime: '2026-01-02T03:04:05Z',
    },
  ]
  await patch(
    'clusters.v1beta2.k0smotron.io',
    'alone',
    { status: { replicas: 1, selector: 'a=b', conditions } },
    '--subresource=status',
  )
  expect((await read('kmc', 'alone')).spec).toEqual({
    replicas: 1,
    service: { type: 'NodePort' },
    storage: { etcd: { args: ['--x'] } },
  })
  expect((await read('clusters.v1beta1.k0smotron.io', 'alone')).status).toEqual({
    replicas: 1,
    selector: 'a=b',
    conditions,
    ready: false,
    reconciliationStatus: 'waits',
  })

  for (const namespace of ['default', 'elsewhere']) {
    const spec = { clusterRef: { name: 'alone', namespace }, expiry: '1h', role: 'worker' }
    await create('JoinTokenRequest', `in-${namespace}`, spec)
    const made = await read('jtr', `in-${namespace}`)
    expect(made.spec).toEqual({ clusterName: 'alone', expiry: '1h', role: 'worker' })
    expect(made.metadata.annotations?.[clusterNamespaceAnnotation]).toBe(
      namespace === 'default' ? undefined : namespace,
    )
    expect((await read('jointokenrequests.v1beta1.k0smotron.io', `in-${namespace}`)).spec).toEqual(spec)
  }
})

it('refuses another datastore in v1beta1 as in v1beta2', async () => {
  await apply('v1beta1', 'moved', { etcd: {} })
  await expect(apply('v1beta1', 'moved', { kineDataSourceSecretName: 'dsn' })).rejects.toThrow(
    'the datastore cannot change',
  )
})

/** As k0smotron 1.x defines it: v1beta1 is what is stored. */
function storedAsOlder(kind: Kind): KubeObject {
  const definition = crdOf(kind, server.client) as KubeObject & { spec: { versions: { name: string }[] } }
  const versions = definition.spec.versions
    .filter(({ name }) => name === 'v1beta1')
    .map(version => ({ ...version, storage: true }))
  return { ...definition, spec: { ...definition.spec, versions, conversion: { strategy: 'None' } } } as KubeObject
}

describe('over an installation that stored v1beta1', () => {
  const names = kinds.map(({ plural, group: of }) => `${plural}.${of}`)

  it('accepts status.storedVersions, and reads what is stored', async () => {
    await kubectl(['delete', 'crd', ...names])
    await install(client, kinds.map(storedAsOlder))
    await apply('v1beta1', 'legacy', { etcd: { autoDeletePVCs: true } })
    await patch(
      older,
      'legacy',
      { status: { initialized: true, ready: true, replicas: 3, updatedReplicas: 2, unavailableReplicas: 1 } },
      '--subresource=status',
    )
    await install(client, definitions())
    const path = 'jsonpath={.status.storedVersions}'
    await expect
      .poll(() => kubectl(['get', 'crd', `k0smotroncontrolplanes.${group}`, '-o', path]))
      .toBe('["v1beta1","v1beta2"]')
    await expect
      .poll(() => read(stored, 'legacy'))
      .toMatchObject({
        spec: { storage: { etcd: { autoDeletePVCs: true } } },
        status: {
          initialization: { controlPlaneInitialized: true },
          replicas: 3,
          upToDateReplicas: 2,
          availableReplicas: 2,
        },
      })
  })
})

describe('where no webhook answers', () => {
  it('goes on in v1beta2, and refuses v1beta1', async () => {
    const folder = join(import.meta.dirname, '..', '..', 'crd')
    await apply('v1beta2', 'mixed', { replicas: 1 })
    await apply('v1beta1', 'written', { replicas: 1 }, '--server-side')
    await kubectl(['delete', older, 'legacy'])
    await installFiles(
      client,
      (await readdir(folder)).map(file => join(folder, file)),
    )
    await expect.poll(() => read(older, 'mixed').catch(String)).toContain('conversion webhook')
    await expect(apply('v1beta1', 'later', {})).rejects.toThrow('k0smotron-webhook-service-control-plane')
    await apply('v1beta2', 'later', { replicas: 1 }, '--server-side')
    await apply('v1beta2', 'later', { replicas: 3 }, '--server-side', '--field-manager=other', '--force-conflicts')
    await patch(stored, 'later', { status: { replicas: 3 } }, '--subresource=status')
    await kubectl(['scale', stored, 'later', '--replicas=1'])
    // the API server compares what each owner has, in the owner's version
    const applied = apply('v1beta2', 'written', { replicas: 3 }, '--server-side', '--field-manager=other')
    await expect(applied).rejects.toThrow('conversion webhook')
    await patch(stored, 'written', { status: { replicas: 3 } }, '--subresource=status')
    await kubectl(['delete', stored, 'written'])
    expect(await kubectl(['get', `k0smotroncontrolplanes.${group}`, '-o', 'name'])).toContain('later')
    await kubectl(['delete', stored, 'later'])
  })
})

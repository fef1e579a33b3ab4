// Infrastructure that waits for an endpoint is told ours, and nothing else of it is touched — shell
import { clusters, type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { install, type Management, movableClock, startManagement } from '@k0smotron-ts/hack/testenv'
import { services } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

type Infrastructure = KubeObject & {
  readonly spec?: { readonly controlPlaneEndpoint?: object; readonly size?: number }
  readonly status?: object
}

const group = 'infrastructure.cluster.x-k8s.io'
const typeOf = (kind: string): ResourceType<Infrastructure> => ({
  group,
  version: 'v1alpha3',
  kind,
  plural: `${kind.toLowerCase()}s`,
  namespaced: true,
})
const withEndpoint = typeOf('PlainCluster')
const withoutEndpoint = typeOf('BareCluster')
const ofContract = { v1beta2: typeOf('NewCluster'), v1beta1: typeOf('OldCluster') }

/** A CRD as a provider ships it: the label of the contract, and a version of its own. */
function definitionOf(
  { kind, plural, version }: ResourceType,
  properties: object,
  { contract = 'v1beta2', status = {} }: { readonly contract?: string; readonly status?: object } = {},
): KubeObject {
  const fields = { spec: { type: 'object', properties }, status: { type: 'object', properties: status } }
  const schema = { openAPIV3Schema: { type: 'object', properties: fields } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { [`cluster.x-k8s.io/${contract}`]: `v1alpha2_${version}` } },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: 'Namespaced',
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  } as KubeObject
}

const endpoint = { type: 'object', properties: { host: { type: 'string' }, port: { type: 'integer' } } }
const size = { type: 'integer' }
const yes = { type: 'boolean' }
const stated = {
  v1beta2: { initialization: { type: 'object', properties: { provisioned: yes } } },
  v1beta1: { ready: yes },
}

const clock = movableClock()
let world: Management
let stop: () => Promise<number>

beforeAll(async () => {
  world = await startManagement({ clusterApiKinds: true })
  await install(world.client, [
    definitionOf(withEndpoint, { controlPlaneEndpoint: endpoint, size }),
    definitionOf(withoutEndpoint, { size }),
    ...(['v1beta2', 'v1beta1'] as const).map(contract =>
      definitionOf(
        ofContract[contract],
        { controlPlaneEndpoint: endpoint },
        { contract, status: { ...stated[contract], note: { type: 'string' } } },
      ),
    ),
  ])
  stop = (await startControlPlane(world, { clock })).stop
})

afterAll(async () => {
  await stop()
  await world[Symbol.asyncDispose]()
})

const create = (
  type: ResourceType<Infrastructure>,
  name: string,
  spec: Infrastructure['spec'] = { size: 3 },
  annotations: Readonly<Record<string, string>> = {},
) =>
  world.client.create(type, {
    apiVersion: `${group}/${type.version}`,
    kind: type.kind,
    metadata: { name, namespace, annotations },
    spec,
  })
const managedBy = (who: string) => ({ 'cluster.x-k8s.io/managed-by': who })

const infrastructureRef = (kind: string, name: string) => ({ infrastructureRef: { apiGroup: group, kind, name } })
const version = 'v1.36.3+k0s.1'
const isPublished = (object: Parameters<typeof conditionOf>[0]) =>
  conditionOf(object, 'EndpointAvailable') === 'True EndpointAvailable'
/** Somebody else wrote it down, and nobody has answered there yet. */
const isTaken = (object: Parameters<typeof conditionOf>[0]) =>
  conditionOf(object, 'EndpointAvailable') === 'False WaitingForEndpointAnswer'

it('a kind whose CRD comes later is found by itself', async () => {
  const late = typeOf('CometCluster')
  await makeControlPlane(world, 'comet', { version }, { cluster: infrastructureRef('CometCluster', 'comet') })
  await world.until(k0smotronControlPlane, { namespace, name: 'comet' }, isPublished)
  await world.quiet()
  await install(world.client, [definitionOf(late, { controlPlaneEndpoint: endpoint, size })])
  await create(late, 'comet')
  await clock.move(30_000)
  await world.until(late, { namespace, name: 'comet' }, ({ spec }) => spec?.controlPlaneEndpoint !== undefined)
})

it('an empty endpoint is filled with ours, also when the object comes later', async () => {
  await makeControlPlane(world, 'late', { version }, { cluster: infrastructureRef('PlainCluster', 'late') })
  const controlPlane = await world.until(k0smotronControlPlane, { namespace, name: 'late' }, isPublished)
  await create(withEndpoint, 'late')
  const filled = await world.until(
    withEndpoint,
    { namespace, name: 'late' },
    ({ spec }) => spec?.controlPlaneEndpoint !== undefined,
  )
  expect(filled.spec).toEqual({ size: 3, controlPlaneEndpoint: controlPlane.spec.controlPlaneEndpoint })
  expect(filled.metadata.managedFields?.map(({ manager }) => manager)).toContain('k0smotron-endpoint')
})

it.each<[string, ResourceType<Infrastructure>, Infrastructure['spec'], object]>([
  ['an endpoint of its own', withEndpoint, { controlPlaneEndpoint: { host: 'mine', port: 1 } }, {}],
  [
    'a Cluster that has an endpoint already',
    withEndpoint,
    { size: 1 },
    { controlPlaneEndpoint: { host: 'theirs', port: 2 } },
  ],
  ['a kind without that field', withoutEndpoint, { size: 1 }, {}],
])('nothing is written to infrastructure with %s', async (what, type, spec, cluster) => {
  const name = what.replaceAll(' ', '-').toLowerCase()
  const made = await create(type, name, spec)
  await makeControlPlane(world, name, { version }, { cluster: { ...infrastructureRef(type.kind, name), ...cluster } })
  await world.until(k0smotronControlPlane, { namespace, name }, object => isPublished(object) || isTaken(object))
  await world.quiet()
  expect(await world.client.get(type, { namespace, name })).toEqual(made)
  const { spec: clusterSpec } = (await world.client.get(clusters, { namespace, name })) ?? {}
  expect(clusterSpec?.controlPlaneEndpoint ?? {}).toEqual(Object.values(cluster)[0] ?? {})
})

it('an endpoint of the infrastructure is taken before the Cluster has it', async () => {
  const theirs = { host: '192.0.2.7', port: 6443 }
  await create(withEndpoint, 'given', { controlPlaneEndpoint: theirs })
  await makeControlPlane(world, 'given', { version }, { cluster: infrastructureRef('PlainCluster', 'given') })
  const object = await world.until(k0smotronControlPlane, { namespace, name: 'given' }, isTaken)
  expect(messageOf(object, 'EndpointAvailable')).toContain('192.0.2.7:6443')
  expect(object.status?.ports?.api).toBe(6443)
  await world.quiet()
  const { spec } = (await world.client.get(k0smotronControlPlane, { namespace, name: 'given' })) ?? {}
  expect(spec?.controlPlaneEndpoint).toBeUndefined()
})

const provisioned = { v1beta2: { initialization: { provisioned: true } }, v1beta1: { ready: true } } as const

it.each(['v1beta2', 'v1beta1'] as const)(
  'an object that k0smotron manages gets endpoint and status, as contract %s asks for',
  async contract => {
    const type = ofContract[contract]
    const name = `ours-${contract}`
    await create(type, name, {}, managedBy('k0smotron'))
    await world.client.patchMerge(type, { namespace, name }, { status: { note: 'kept' } }, { subresource: 'status' })
    await makeControlPlane(world, name, { version }, { cluster: infrastructureRef(type.kind, name) })
    const told = await world.until(
      k0smotronControlPlane,
      { namespace, name },
      object => conditionOf(object, 'InfrastructureProvisioned') === 'True InfrastructureProvisioned',
    )
    const object = await world.client.get(type, { namespace, name })
    expect(object?.status).toEqual({ note: 'kept', ...provisioned[contract] })
    expect(object?.spec).toEqual({ controlPlaneEndpoint: told.spec.controlPlaneEndpoint })
    await world.quiet()
    const { metadata } = (await world.client.get(type, { namespace, name })) ?? {}
    expect(metadata?.resourceVersion).toBe(object?.metadata.resourceVersion)
  },
)

it('an object that waits for a load balancer is provisioned when the endpoint is known, and not before', async () => {
  const name = 'balanced'
  await create(ofContract.v1beta2, name, {}, managedBy('k0smotron'))
  const spec = { version, service: { type: 'LoadBalancer' } }
  await makeControlPlane(world, name, spec, { cluster: infrastructureRef('NewCluster', name) })
  const waiting = await world.until(
    k0smotronControlPlane,
    { namespace, name },
    object => conditionOf(object, 'InfrastructureProvisioned') === 'False WaitingForEndpoint',
  )
  expect(messageOf(waiting, 'InfrastructureProvisioned')).toBe(
    'status.initialization.provisioned of NewCluster balanced will be set with the endpoint of the control plane',
  )
  expect((await world.client.get(ofContract.v1beta2, { namespace, name }))?.status).toBeUndefined()
  const status = { loadBalancer: { ingress: [{ ip: '192.0.2.10' }] } }
  const service = await world.until(services, { namespace, name: 'kmc-balanced-lb' }, () => true)
  await world.client.patchMerge(
    services,
    { namespace, name: service.metadata.name ?? '' },
    { status },
    { subresource: 'status' },
  )
  await world.until(
    ofContract.v1beta2,
    { namespace, name },
    object => (object.status as { initialization?: { provisioned?: boolean } })?.initialization?.provisioned === true,
  )
})

it.each<[string, Readonly<Record<string, string>>, string, string]>([
  ['nobody else', {}, 'absent', ''],
  [
    'someone else',
    managedBy('terraform'),
    'False ManagedElsewhere',
    'NewCluster someone-else has the annotation cluster.x-k8s.io/managed-by: terraform, so its own provider leaves it alone; terraform has to set status.initialization.provisioned',
  ],
])(
  'the status of an object that %s manages is left alone, and who has to act is named',
  async (who, annotations, condition, message) => {
    const name = who.replace(' ', '-')
    await create(ofContract.v1beta2, name, {}, annotations)
    await makeControlPlane(world, name, { version }, { cluster: infrastructureRef('NewCluster', name) })
    await world.until(ofContract.v1beta2, { namespace, name }, ({ spec }) => spec?.controlPlaneEndpoint !== undefined)
    const told = await world.until(k0smotronControlPlane, { namespace, name }, isPublished)
    expect(conditionOf(told, 'InfrastructureProvisioned')).toBe(condition)
    expect(messageOf(told, 'InfrastructureProvisioned')).toBe(message)
    await world.quiet()
    expect((await world.client.get(ofContract.v1beta2, { namespace, name }))?.status).toBeUndefined()
  },
)

it('an endpoint that someone keeps emptying is filled three times more, and then the fight is named', async () => {
  const name = 'emptied'
  const key = { namespace, name }
  await create(withEndpoint, name)
  await makeControlPlane(world, name, { version }, { cluster: infrastructureRef('PlainCluster', name) })
  const filled = () => world.until(withEndpoint, key, ({ spec }) => spec?.controlPlaneEndpoint !== undefined)
  const empty = () =>
    world.client.patchMerge(withEndpoint, key, { spec: { controlPlaneEndpoint: null } }, { fieldManager: 'thief' })
  for (let round = 0; round < 4; round += 1) {
    await filled()
    await empty()
  }
  const told = await world.until(
    k0smotronControlPlane,
    key,
    object => conditionOf(object, 'EndpointAvailable') === 'False Contested',
  )
  expect(messageOf(told, 'EndpointAvailable')).toContain('PlainCluster emptied is changed again and again by')
  await world.quiet()
  expect((await world.client.get(withEndpoint, key))?.spec).toEqual({ size: 3 })
})

it('a placeholder in the infrastructure object is never said to lead here', async () => {
  const name = 'placeholder'
  const key = { namespace, name }
  await create(withEndpoint, name, { controlPlaneEndpoint: { host: '198.51.100.99', port: 6443 } })
  const spec = { version, service: { type: 'LoadBalancer', apiPort: 6443, konnectivityPort: 8132 } }
  await makeControlPlane(world, name, spec, { cluster: infrastructureRef('PlainCluster', name) })
  await world.until(services, { namespace, name: 'kmc-placeholder-lb' }, () => true)
  const status = { loadBalancer: { ingress: [{ ip: '198.51.100.7' }] } }
  await world.client.patchMerge(
    services,
    { namespace, name: 'kmc-placeholder-lb' },
    { status },
    { subresource: 'status' },
  )
  const expected =
    'nobody has answered yet as this API server at 198.51.100.99:6443, which PlainCluster placeholder gives, and Service kmc-placeholder-lb is reached at 198.51.100.7; does the one lead to the other?'
  await world.until(k0smotronControlPlane, key, object => messageOf(object, 'EndpointAvailable') === expected)
  await world.quiet()
  const told = await world.client.get(k0smotronControlPlane, key)
  expect(told && conditionOf(told, 'EndpointAvailable')).toBe('False WaitingForEndpointAnswer')
})

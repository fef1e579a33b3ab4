// Infrastructure that waits for an endpoint is told ours, and nothing else of it is touched — shell
import { clusters, type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import { install, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startControlPlane } from './world.ts'

type Infrastructure = KubeObject & {
  readonly spec?: { readonly controlPlaneEndpoint?: object; readonly size?: number }
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

/** A CRD as a provider ships it: the label of the contract, and a version of its own. */
function definitionOf({ kind, plural, version }: ResourceType, properties: object): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, labels: { 'cluster.x-k8s.io/v1beta2': `v1alpha2_${version}` } },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      scope: 'Namespaced',
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  } as KubeObject
}

const endpoint = { type: 'object', properties: { host: { type: 'string' }, port: { type: 'integer' } } }
const size = { type: 'integer' }

let world: Management
let stop: () => Promise<number>

beforeAll(async () => {
  world = await startManagement({ clusterApiKinds: true })
  await install(world.client, [
    definitionOf(withEndpoint, { controlPlaneEndpoint: endpoint, size }),
    definitionOf(withoutEndpoint, { size }),
  ])
  stop = (await startControlPlane(world)).stop
})

afterAll(async () => {
  await stop()
  await world[Symbol.asyncDispose]()
})

const create = (type: ResourceType<Infrastructure>, name: string, spec: Infrastructure['spec'] = { size: 3 }) =>
  world.client.create(type, {
    apiVersion: `${group}/${type.version}`,
    kind: type.kind,
    metadata: { name, namespace },
    spec,
  })

const infrastructureRef = (kind: string, name: string) => ({ infrastructureRef: { apiGroup: group, kind, name } })
const version = 'v1.36.3+k0s.1'
const isPublished = (object: Parameters<typeof conditionOf>[0]) =>
  conditionOf(object, 'EndpointAvailable') === 'True EndpointAvailable'

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
  await world.until(k0smotronControlPlane, { namespace, name }, isPublished)
  await world.quiet()
  expect(await world.client.get(type, { namespace, name })).toEqual(made)
  const { spec: clusterSpec } = (await world.client.get(clusters, { namespace, name })) ?? {}
  expect(clusterSpec?.controlPlaneEndpoint ?? {}).toEqual(Object.values(cluster)[0] ?? {})
})

it('an endpoint of the infrastructure is taken before the Cluster has it', async () => {
  const theirs = { host: '192.0.2.7', port: 6443 }
  await create(withEndpoint, 'given', { controlPlaneEndpoint: theirs })
  await makeControlPlane(world, 'given', { version }, { cluster: infrastructureRef('PlainCluster', 'given') })
  const object = await world.until(k0smotronControlPlane, { namespace, name: 'given' }, isPublished)
  expect(messageOf(object, 'EndpointAvailable')).toContain('192.0.2.7:6443')
  expect(object.status?.ports?.api).toBe(6443)
  await world.quiet()
  const { spec } = (await world.client.get(k0smotronControlPlane, { namespace, name: 'given' })) ?? {}
  expect(spec?.controlPlaneEndpoint).toBeUndefined()
})

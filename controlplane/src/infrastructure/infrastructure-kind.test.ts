import { expect, it } from 'vitest'
import { type CustomResourceDefinition, crdNameOf, infrastructureKind } from './infrastructure-kind.ts'

const ref = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabCluster', name: 'c' }
const endpoint = {
  properties: {
    spec: { properties: { controlPlaneEndpoint: {} } },
    status: { properties: { initialization: { properties: { provisioned: {} } } } },
  },
}
const definition = (
  labels: Readonly<Record<string, string>>,
  ...versions: readonly string[]
): CustomResourceDefinition => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { labels },
  spec: { versions: versions.map(name => ({ name, schema: { openAPIV3Schema: name === 'v0' ? {} : endpoint } })) },
})

it('the name of a definition is the one that Cluster API core computes', () => {
  expect(crdNameOf(ref)).toBe('labclusters.infrastructure.cluster.x-k8s.io')
})

it.each<[string, CustomResourceDefinition, string | undefined]>([
  [
    'the newest contract',
    definition({ 'cluster.x-k8s.io/v1beta1': 'v1', 'cluster.x-k8s.io/v1beta2': 'v2' }, 'v1', 'v2'),
    'v2',
  ],
  ["the last of a contract's versions", definition({ 'cluster.x-k8s.io/v1beta2': 'v1_v3' }, 'v1', 'v3'), 'v3'],
  ['nothing without a contract', definition({}, 'v1'), undefined],
  ['nothing for a version that is not there', definition({ 'cluster.x-k8s.io/v1beta2': 'v4' }, 'v1'), undefined],
])('the version is of %s', (_, crd, version) => {
  expect(infrastructureKind(crd, ref)?.type.version).toBe(version)
})

it.each<[string, string, object]>([
  [
    'v1beta2',
    'v1',
    { hasEndpoint: true, provisionedPath: ['status', 'initialization', 'provisioned'], hasStatusSubresource: false },
  ],
  // the schema lacks the field of the older contract, and all fields
  ['v1beta1', 'v1', { hasEndpoint: true, hasStatusSubresource: false }],
  ['v1beta2', 'v0', { hasEndpoint: false, hasStatusSubresource: false }],
])('of contract %s in version %s it is known which fields there are', (contract, version, fields) => {
  const { type: _, ...rest } =
    infrastructureKind(definition({ [`cluster.x-k8s.io/${contract}`]: version }, version), ref) ?? {}
  expect(rest).toEqual(fields)
})

it('a schema that keeps unknown fields has them all', () => {
  const crd = definition({ 'cluster.x-k8s.io/v1beta1': 'v1' }, 'v1')
  const open = { 'x-kubernetes-preserve-unknown-fields': true }
  const versions = [{ name: 'v1', schema: { openAPIV3Schema: open }, subresources: { status: {} } }]
  expect(infrastructureKind({ ...crd, spec: { versions } }, ref)).toMatchObject({
    hasEndpoint: true,
    provisionedPath: ['status', 'ready'],
    hasStatusSubresource: true,
  })
})

import { expect, it } from 'vitest'
import { type CustomResourceDefinition, crdNameOf, kindWithEndpoint } from './infrastructure-kind.ts'

const ref = { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'LabCluster', name: 'c' }
const endpoint = { properties: { spec: { properties: { controlPlaneEndpoint: {} } } } }
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
  ['nothing without an endpoint to fill', definition({ 'cluster.x-k8s.io/v1beta2': 'v0' }, 'v0'), undefined],
  ['nothing for a version that is not there', definition({ 'cluster.x-k8s.io/v1beta2': 'v4' }, 'v1'), undefined],
])('the version is of %s', (_, crd, version) => {
  expect(kindWithEndpoint(crd, ref)?.version).toBe(version)
})

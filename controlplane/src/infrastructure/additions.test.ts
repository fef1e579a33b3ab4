import { expect, it } from 'vitest'
import { liveService, observed } from '../testing/observed.ts'
import { additionsTo, patchOf } from './additions.ts'
import type { FoundInfrastructure } from './infrastructure-kind.ts'

const kind: FoundInfrastructure['kind'] = {
  type: {
    group: 'infrastructure.cluster.x-k8s.io',
    version: 'v1',
    kind: 'LabCluster',
    plural: 'labclusters',
    namespaced: true,
  },
  hasEndpoint: true,
  provisionedPath: ['status', 'initialization', 'provisioned'],
  hasStatusSubresource: true,
}
const object = (rest: object = {}) => ({
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1',
  kind: 'LabCluster',
  metadata: { name: 'lab', uid: 'u', resourceVersion: '7' },
  ...rest,
})
const known = (managedBy?: string) => ({
  name: 'LabCluster lab',
  isProvisioned: false,
  ...(managedBy && { managedBy }),
})
const services = [liveService('ClusterIP')]
const pathsFor = (situation: Parameters<typeof observed>[1]) =>
  additionsTo({ kind, object: object() }, observed({}, { services, ...situation })).map(({ path }) => path.join('.'))

it('what our name on the object asks for comes in its order, and the status is left alone without', () => {
  expect(pathsFor({ infrastructure: known('k0smotron') })).toEqual([
    'spec.controlPlaneEndpoint',
    'status.initialization.provisioned',
  ])
  expect(pathsFor({ infrastructure: known() })).toEqual(['spec.controlPlaneEndpoint'])
  expect(pathsFor({ infrastructure: known('terraform') })).toEqual(['spec.controlPlaneEndpoint'])
  expect(pathsFor({ infrastructure: known('k0smotron'), services: [] })).toEqual([])
})

it.each([
  [{}, '/status', { initialization: { provisioned: true } }],
  [{ status: {} }, '/status/initialization', { provisioned: true }],
  [{ status: { initialization: null } }, '/status/initialization', { provisioned: true }],
  [{ status: { initialization: { provisioned: false } } }, '/status/initialization/provisioned', true],
])('in %j exactly what is missing is added', (rest, path, value) => {
  const infrastructure = known('k0smotron')
  const [, status] = additionsTo({ kind, object: object() }, observed({}, { services, infrastructure }))
  if (!status) throw new Error('no addition')
  expect(patchOf(object(rest), status)).toEqual({
    fieldManager: 'k0smotron-endpoint',
    subresource: 'status',
    operations: [
      { op: 'test', path: '/metadata/uid', value: 'u' },
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'add', path, value },
    ],
  })
})

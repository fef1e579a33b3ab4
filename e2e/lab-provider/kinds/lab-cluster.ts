// LabCluster: the infrastructure of a cluster, which is none, and the orders in which infrastructure gets ready — core
import { choice, endpoint, kind, type ObjectOf, optional, record } from '@k0smotron-ts/api/schema'
import { statusFields } from './fields.ts'
import { labColumns, labGroup, labLabels } from './group.ts'

/** What a LabCluster can wait for before it says that it is provisioned. */
export const waitable = ['ClusterEndpoint', 'OwnEndpoint', 'ControlPlane', 'Nothing'] as const

export const labClusterFields = {
  controlPlaneEndpoint: optional(
    endpoint('controlPlaneEndpoint is where the API server is, where the infrastructure knows it first.'),
  ),
  waitFor: optional(
    choice(waitable, {
      description:
        'waitFor is what must be there first: the endpoint of the Cluster, the own one, an initialized control plane or nothing. Unless given, an endpoint, whoever has it.',
    }),
  ),
}

export const labCluster = kind({
  ...labGroup,
  kind: 'LabCluster',
  description: 'LabCluster is infrastructure of a cluster for tests: it only waits.',
  spec: record(labClusterFields, { description: 'spec is the infrastructure that is wanted.' }),
  status: record(statusFields, { description: 'status is the observed state of the cluster.' }),
  columns: labColumns,
  labels: labLabels,
})

export type LabCluster = ObjectOf<typeof labCluster>
export type LabClusterStatus = NonNullable<LabCluster['status']>

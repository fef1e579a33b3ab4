// What the kinds of the control plane group have in common — core
import { availableColumns, desiredColumn, readyColumn } from '../hosted/columns.ts'
import { ageColumn, type Column } from '../schema/kind.ts'

export const controlPlaneGroup = { group: 'controlplane.cluster.x-k8s.io', version: 'v1beta2' } as const

/** The contract label: Cluster API core reads from it which version of the kind speaks which contract (contract: All resources: version). */
export const controlPlaneLabels = {
  'cluster.x-k8s.io/provider': 'control-plane-k0smotron',
  'cluster.x-k8s.io/v1beta1': 'v1beta1',
  'cluster.x-k8s.io/v1beta2': 'v1beta2',
} as const

export const controlPlaneColumns: readonly Column[] = [
  {
    name: 'Cluster',
    type: 'string',
    jsonPath: '.metadata.labels.cluster\\.x-k8s\\.io/cluster-name',
    description: 'The Cluster that this control plane belongs to',
  },
  { name: 'Version', type: 'string', jsonPath: '.spec.version', description: 'The wanted k0s version' },
  desiredColumn,
  { name: 'Replicas', type: 'integer', jsonPath: '.status.replicas', description: 'Pods' },
  readyColumn,
  {
    name: 'UpToDate',
    type: 'integer',
    jsonPath: '.status.upToDateReplicas',
    description: 'Pods that run what spec asks for',
    priority: 10,
  },
  ...availableColumns,
  ageColumn,
]

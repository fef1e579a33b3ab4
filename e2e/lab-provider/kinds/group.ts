// What the kinds of the lab provider have in common — core
import type { Column } from '@k0smotron-ts/api/schema'

export const labGroup = { group: 'infrastructure.cluster.x-k8s.io', version: 'v1beta2' } as const

/** The contract label: Cluster API core reads from it which version of the kind speaks which contract (contract: All resources: version). */
export const labLabels = {
  'cluster.x-k8s.io/provider': 'infrastructure-lab',
  'cluster.x-k8s.io/v1beta2': 'v1beta2',
} as const

/** What `kubectl get` shows of each kind, after what is its own. */
export const labColumns: readonly Column[] = [
  {
    name: 'Cluster',
    type: 'string',
    jsonPath: '.metadata.labels.cluster\\.x-k8s\\.io/cluster-name',
    description: 'The Cluster that it belongs to',
  },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether it works',
  },
  {
    name: 'Waiting for',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].message',
    description: 'The first thing that is waited for',
  },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since creation' },
]

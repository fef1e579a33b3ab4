// Cluster of k0smotron.io: a k0s control plane as pods, without Cluster API — core
import { availableColumns, desiredColumn, readyColumn } from '../hosted/columns.ts'
import { hostedFields, hostedRules, replicas } from '../hosted/spec.ts'
import { hostedStatusFields, upToDateCounter } from '../hosted/status.ts'
import { liveDifferences } from '../hosted/v1beta1.ts'
import { optional, record, text } from '../schema/fields.ts'
import { ageColumn, type Column, kind, type ObjectOf } from '../schema/kind.ts'
import { byDifferences } from '../versions/by-differences.ts'
import { ofTheObject } from '../versions/differences.ts'
import { olderVersion } from '../versions/older.ts'
import { k0smotronGroup } from './group.ts'
import { clusterStatusDifferences } from './v1beta1.ts'

const status = record(
  {
    version: optional(
      text({
        description: 'version is the lowest version of the ready pods, in the form of spec.version.',
        maxLength: 64,
      }),
    ),
    ...hostedStatusFields,
    updatedReplicas: upToDateCounter('updatedReplicas'),
  },
  { description: 'status is the observed state.' },
)

const spec = record(
  { ...hostedFields, replicas: optional(replicas({ default: 1 })) },
  { description: 'spec is the desired state of the control plane.', rules: hostedRules },
)

const columns: readonly Column[] = [
  { name: 'Version', type: 'string', jsonPath: '.status.version', description: 'The k0s version that runs' },
  { name: 'Host', type: 'string', jsonPath: '.status.publishedEndpoint.host', description: 'Where it is reached' },
  { name: 'Port', type: 'integer', jsonPath: '.status.publishedEndpoint.port', description: 'Where it is reached' },
  desiredColumn,
  readyColumn,
  ...availableColumns,
  ageColumn,
]

/** Nothing in the spec is needed: what is absent stays absent, and the controller decides what stands for it. */
export const k0smotronCluster = kind({
  ...k0smotronGroup,
  kind: 'Cluster',
  shortNames: ['kmc'],
  description:
    'Cluster runs a k0s control plane as pods, without Cluster API. Without service it is reached at a NodePort; without version it gets the newest k0s that is known when it is made, and keeps it.',
  spec,
  status,
  older: olderVersion({
    version: 'v1beta1',
    columns,
    spec: byDifferences(spec, ofTheObject, liveDifferences),
    status: { stored: status, ...clusterStatusDifferences },
  }),
  columns,
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
})

export type K0smotronCluster = ObjectOf<typeof k0smotronCluster>
export type K0smotronClusterStatus = NonNullable<K0smotronCluster['status']>

/** Kept while pods of the control plane may run. k0smotron's own name. */
export const clusterFinalizer = 'k0smotron.io/finalizer'

/** The version of a Cluster whose spec has none: a later release of this operator must not roll it. */
export const defaultVersionAnnotation = 'k0smotron.io/default-version'

/** Set by a user: the namespaces, with commas between them, whose JoinTokenRequests may name this Cluster. */
export const joinTokenNamespacesAnnotation = 'k0smotron.io/join-token-namespaces'

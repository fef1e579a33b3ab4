// K0smotronControlPlane: a k0s control plane as pods — core
import { controlPlaneEndpoint, hostedFields, hostedRules, replicas } from '../hosted/spec.ts'
import { availableReplicas, hostedStatusFields, upToDateCounter } from '../hosted/status.ts'
import { liveDifferences } from '../hosted/v1beta1.ts'
import { flag, integer, listOf, optional, record, text } from '../schema/fields.ts'
import { kind, type ObjectOf } from '../schema/kind.ts'
import { byDifferences } from '../versions/by-differences.ts'
import { ofTheObject } from '../versions/differences.ts'
import { olderVersion } from '../versions/older.ts'
import { controlPlaneColumns, controlPlaneGroup, controlPlaneLabels } from './group.ts'
import { controlPlaneOlderColumns, controlPlaneStatusDifferences } from './v1beta1.ts'

const status = record(
  {
    initialization: optional(
      record(
        {
          controlPlaneInitialized: optional(
            flag({
              description: 'controlPlaneInitialized is true once the API server has answered; it is never reset.',
            }),
          ),
        },
        { description: 'initialization is the progress that Cluster API waits for.' },
      ),
    ),
    externalManagedControlPlane: optional(
      flag({ description: 'externalManagedControlPlane is true: the control plane has no Machines and no Nodes.' }),
    ),
    version: optional(
      text({
        description: 'version is the lowest version of the ready pods, in the form of spec.version.',
        maxLength: 64,
      }),
    ),
    versions: optional(
      listOf(
        record(
          {
            version: text({ description: 'version is the version of the pods.', maxLength: 64 }),
            replicas: optional(
              integer({ description: 'replicas is the number of ready pods that run the version.', minimum: 0 }),
            ),
          },
          { description: 'A version and the number of ready pods that run it.' },
        ),
        { description: 'versions are the versions of the ready pods, lowest first.' },
      ),
    ),
    ...hostedStatusFields,
    availableReplicas,
    upToDateReplicas: upToDateCounter('upToDateReplicas'),
  },
  { description: 'status is the observed state.' },
)

const spec = record(
  {
    ...hostedFields,
    replicas: optional(replicas({ default: 1 })),
    controlPlaneEndpoint: optional(controlPlaneEndpoint),
  },
  { description: 'spec is the desired state of the control plane.', rules: hostedRules },
)

export const k0smotronControlPlane = kind({
  ...controlPlaneGroup,
  kind: 'K0smotronControlPlane',
  description: 'K0smotronControlPlane runs a k0s control plane as pods in the management cluster.',
  spec,
  status,
  older: olderVersion({
    version: 'v1beta1',
    columns: controlPlaneOlderColumns,
    spec: byDifferences(spec, ofTheObject, liveDifferences),
    status: { stored: status, ...controlPlaneStatusDifferences },
  }),
  columns: controlPlaneColumns,
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
  labels: controlPlaneLabels,
})

export type K0smotronControlPlane = ObjectOf<typeof k0smotronControlPlane>
export type K0smotronControlPlaneStatus = NonNullable<K0smotronControlPlane['status']>

/** Kept while pods of the control plane may run. k0smotron's own name. */
export const controlPlaneFinalizer = 'k0smotron.controlplane.cluster.x-k8s.io'

/** On our object from the first ready member on: no move, restore or lost status makes the datastore begin anew. */
export const datastoreFormedAnnotation = 'k0smotron.io/datastore-formed'

/** Set by a user on our object: what makes up the control plane is left behind when the object goes, and is not changed. */
export const prepareMoveAnnotation = 'k0smotron.io/prepare-move'

/** On what was left behind: the uid of the control plane that gets it back when the user takes the annotation off. */
export const releasedFromAnnotation = 'k0smotron.io/released-from'

/** On our object while it is prepared, once its API server has answered: `status.version`. A move takes no status along. */
export const preparedVersionAnnotation = 'k0smotron.io/prepared-version'

/** On our object from its preparation until a move is blocked again: a user did not take that off. It goes along with a move. */
export const unblockedForMoveAnnotation = 'k0smotron.io/unblocked-for-move'

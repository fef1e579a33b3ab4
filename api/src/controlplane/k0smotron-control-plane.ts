// K0smotronControlPlane: a k0s control plane as pods — core
import { controlPlaneEndpoint, hostedFields, hostedRules, replicas } from '../hosted/spec.ts'
import { flag, integer, listOf, optional, record, text, timestamp } from '../schema/fields.ts'
import { kind, type ObjectOf } from '../schema/kind.ts'
import { conditions, endpoint, observedGeneration, port } from '../schema/shared-fields.ts'
import { controlPlaneColumns, controlPlaneGroup, controlPlaneLabels } from './group.ts'

const counter = (description: string) => optional(integer({ description, minimum: 0 }))

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
        { description: 'initialization is what Cluster API waits for.' },
      ),
    ),
    externalManagedControlPlane: optional(
      flag({ description: 'externalManagedControlPlane is true: the control plane has no Machines and no Nodes.' }),
    ),
    version: optional(
      text({
        description: 'version is the lowest version of the ready pods, spelled like spec.version.',
        maxLength: 64,
      }),
    ),
    versions: optional(
      listOf(
        record(
          {
            version: text({ description: 'version is a version that runs.', maxLength: 64 }),
            replicas: optional(integer({ description: 'replicas is how many ready pods run it.', minimum: 0 })),
          },
          { description: 'A version and how many ready pods run it.' },
        ),
        { description: 'versions are the versions of the ready pods, oldest first.' },
      ),
    ),
    selector: optional(
      text({ description: 'selector selects the control plane pods, for the scale subresource.', maxLength: 1024 }),
    ),
    replicas: counter('replicas is the number of control plane pods.'),
    readyReplicas: counter('readyReplicas is the number of ready ones.'),
    availableReplicas: counter('availableReplicas is the number of available ones.'),
    upToDateReplicas: counter('upToDateReplicas is the number of those that run what spec asks for.'),
    ports: optional(
      record(
        {
          api: port('api is the published port of the API server.'),
          konnectivity: port('konnectivity is the published port for konnectivity agents.'),
          serviceType: optional(
            text({ description: 'serviceType is the type of the Service that has them.', maxLength: 32 }),
          ),
        },
        { description: 'ports are the published ports in effect; a Service that is made again gets the same.' },
      ),
    ),
    publishedEndpoint: optional(
      endpoint(
        'publishedEndpoint is the endpoint that was published for you; absent when you or the Cluster gave one.',
      ),
    ),
    certificatesExpireAt: optional(
      timestamp({ description: 'certificatesExpireAt is when the first of our certificates expires.' }),
    ),
    conditions: optional(conditions('conditions say what works, what is waited for and what to do.')),
    observedGeneration: optional(observedGeneration),
  },
  { description: 'status is what was last seen.' },
)

export const k0smotronControlPlane = kind({
  ...controlPlaneGroup,
  kind: 'K0smotronControlPlane',
  description: 'K0smotronControlPlane runs a k0s control plane as pods in the management cluster.',
  spec: record(
    {
      ...hostedFields,
      replicas: optional(replicas({ default: 1 })),
      controlPlaneEndpoint: optional(controlPlaneEndpoint),
    },
    { description: 'spec is the control plane that is wanted.', rules: hostedRules },
  ),
  status,
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

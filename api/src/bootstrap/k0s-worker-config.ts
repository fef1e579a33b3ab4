// K0sWorkerConfig: bootstrap data that turns a Machine into a k0s worker — core
import { flag, optional, record, text, timestamp } from '../schema/fields.ts'
import { ageColumn, type Column, kind, type ObjectOf } from '../schema/kind.ts'
import { conditions, observedGeneration } from '../schema/shared-fields.ts'
import { byDifferences } from '../versions/by-differences.ts'
import { ofTheObject } from '../versions/differences.ts'
import { olderVersion } from '../versions/older.ts'
import { bootstrapGroup, bootstrapLabels } from './group.ts'
import { workerDifferences, workerStatusDifferences } from './v1beta1.ts'
import { workerFields } from './worker-spec.ts'

const spec = record(workerFields, { description: 'spec is the desired state of the worker.' })

const status = record(
  {
    dataSecretName: optional(
      text({ description: 'dataSecretName is the name of the Secret with the bootstrap data.', maxLength: 253 }),
    ),
    initialization: optional(
      record(
        {
          dataSecretCreated: optional(
            flag({ description: 'dataSecretCreated is true once the Secret exists; it is never reset.' }),
          ),
        },
        { description: 'initialization is the progress that Cluster API waits for.' },
      ),
    ),
    version: optional(
      text({ description: 'version is the k0s version that the bootstrap data installs.', maxLength: 64 }),
    ),
    joinTokenExpiration: optional(
      timestamp({
        description:
          'joinTokenExpiration is the time until which the machine can join with its bootstrap data; it is extended while the Machine has no node.',
      }),
    ),
    conditions: optional(
      conditions('conditions describe the current state: what works, what is pending and what needs attention.'),
    ),
    observedGeneration: optional(observedGeneration),
  },
  { description: 'status is the observed state.' },
)

const columns: readonly Column[] = [
  {
    name: 'Cluster',
    type: 'string',
    jsonPath: '.metadata.labels.cluster\\.x-k8s\\.io/cluster-name',
    description: 'The Cluster that the worker joins',
  },
  {
    name: 'Version',
    type: 'string',
    jsonPath: '.status.version',
    description: 'The k0s version that the bootstrap data installs',
  },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
    description: 'Whether the bootstrap data is there',
  },
  {
    name: 'Waiting for',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].message',
    description: 'The first thing that is waited for',
  },
  {
    name: 'Token expires',
    type: 'string',
    jsonPath: '.status.joinTokenExpiration',
    description: 'Until when the machine can join with its bootstrap data',
  },
  ageColumn,
]

export const k0sWorkerConfig = kind({
  ...bootstrapGroup,
  kind: 'K0sWorkerConfig',
  description: 'K0sWorkerConfig makes the bootstrap data that turns a Machine into a k0s worker.',
  spec,
  status,
  older: olderVersion({
    version: 'v1beta1',
    columns,
    spec: byDifferences(spec, ofTheObject, workerDifferences),
    status: { stored: status, ...workerStatusDifferences },
  }),
  columns,
  labels: bootstrapLabels,
})

export type K0sWorkerConfig = ObjectOf<typeof k0sWorkerConfig>
export type K0sWorkerConfigStatus = NonNullable<K0sWorkerConfig['status']>

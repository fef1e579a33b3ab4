// K0sWorkerConfigTemplate: what a MachineDeployment makes worker configs from — core
import { optional, record } from '../schema/fields.ts'
import { kind, type ObjectOf } from '../schema/kind.ts'
import { templateMetadata } from '../schema/shared-fields.ts'
import { byDifferences } from '../versions/by-differences.ts'
import { ofTheTemplate } from '../versions/differences.ts'
import { olderVersion } from '../versions/older.ts'
import { bootstrapGroup, bootstrapLabels } from './group.ts'
import { workerDifferences } from './v1beta1.ts'
import { workerFields } from './worker-spec.ts'

const spec = record(
  {
    template: optional(
      record(
        {
          metadata: optional(templateMetadata('metadata is added to the metadata of the configs.')),
          spec: optional(record(workerFields, { description: 'spec is the spec of the configs.' })),
        },
        { description: 'template describes the configs that are created from it.' },
      ),
    ),
  },
  { description: 'spec holds the template.' },
)

export const k0sWorkerConfigTemplate = kind({
  ...bootstrapGroup,
  kind: 'K0sWorkerConfigTemplate',
  description: 'K0sWorkerConfigTemplate is a template of K0sWorkerConfig for MachineDeployments and MachinePools.',
  spec,
  older: olderVersion({ version: 'v1beta1', columns: [], spec: byDifferences(spec, ofTheTemplate, workerDifferences) }),
  columns: [],
  labels: bootstrapLabels,
})

export type K0sWorkerConfigTemplate = ObjectOf<typeof k0sWorkerConfigTemplate>

// K0smotronControlPlaneTemplate: what a ClusterClass makes control planes from — core
import { hostedFields, replicas } from '../hosted/spec.ts'
import { hostedDifferences } from '../hosted/v1beta1.ts'
import { optional, record } from '../schema/fields.ts'
import { kind, type ObjectOf } from '../schema/kind.ts'
import { templateMetadata } from '../schema/shared-fields.ts'
import { byDifferences } from '../versions/by-differences.ts'
import { ofTheTemplate } from '../versions/differences.ts'
import { olderVersion } from '../versions/older.ts'
import { controlPlaneGroup, controlPlaneLabels } from './group.ts'

const spec = record(
  {
    template: record(
      {
        // what v1beta1 says of the Service is among them
        metadata: optional(templateMetadata('metadata is added to the metadata of the control planes.', 131_072)),
        spec: record(
          { ...hostedFields, replicas: optional(replicas({})) },
          { description: 'spec is the spec of the control planes.' },
        ),
      },
      { description: 'template describes the control planes that are created from it.' },
    ),
  },
  { description: 'spec holds the template.' },
)

/**
 * No default anywhere: Cluster API's topology controller owns every default of a template and would write it into each
 * control plane. No controlPlaneEndpoint either: one template serves many clusters.
 */
export const k0smotronControlPlaneTemplate = kind({
  ...controlPlaneGroup,
  kind: 'K0smotronControlPlaneTemplate',
  description: 'K0smotronControlPlaneTemplate is a template of K0smotronControlPlane for a ClusterClass.',
  spec,
  older: olderVersion({ version: 'v1beta1', columns: [], spec: byDifferences(spec, ofTheTemplate, hostedDifferences) }),
  columns: [],
  labels: controlPlaneLabels,
})

export type K0smotronControlPlaneTemplate = ObjectOf<typeof k0smotronControlPlaneTemplate>

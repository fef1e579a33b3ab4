// K0smotronControlPlaneTemplate: what a ClusterClass makes control planes from — core
import { hostedFields, replicas } from '../hosted/spec.ts'
import { optional, record } from '../schema/fields.ts'
import { kind, type ObjectOf } from '../schema/kind.ts'
import { copiedMetadata } from '../schema/shared-fields.ts'
import { controlPlaneGroup, controlPlaneLabels } from './group.ts'

/**
 * No default anywhere: Cluster API's topology controller owns every default of a template and would write it into each
 * control plane. No controlPlaneEndpoint either: one template serves many clusters.
 */
export const k0smotronControlPlaneTemplate = kind({
  ...controlPlaneGroup,
  kind: 'K0smotronControlPlaneTemplate',
  description: 'K0smotronControlPlaneTemplate is a template of K0smotronControlPlane for a ClusterClass.',
  spec: record(
    {
      template: record(
        {
          metadata: optional(copiedMetadata('metadata is added to the metadata of the control planes.')),
          spec: record(
            { ...hostedFields, replicas: optional(replicas({})) },
            { description: 'spec is the spec of the control planes.' },
          ),
        },
        { description: 'template describes the control planes that are created from it.' },
      ),
    },
    { description: 'spec holds the template.' },
  ),
  columns: [],
  labels: controlPlaneLabels,
})

export type K0smotronControlPlaneTemplate = ObjectOf<typeof k0smotronControlPlaneTemplate>

// The templates that MachineDeployments and ClusterClasses make objects from (contract: InfraMachineTemplate, InfraMachineTemplateList resource definition) — core
import { copiedMetadata, type Kind, kind, optional, record } from '@k0smotron-ts/api/schema'
import { labGroup, labLabels } from './group.ts'
import { labClusterFields } from './lab-cluster.ts'

export const labClusterTemplate: Kind = templateOf('LabCluster', labClusterFields)
export const labMachineTemplate: Kind = templateOf('LabMachine', {})
export const labMachinePoolTemplate: Kind = templateOf('LabMachinePool', {})

function templateOf(name: string, fields: Parameters<typeof record>[0]): Kind {
  return kind({
    ...labGroup,
    kind: `${name}Template`,
    description: `${name}Template is a template of ${name}.`,
    spec: record(
      {
        template: record(
          {
            metadata: optional(copiedMetadata('metadata is given to the objects.')),
            spec: record(fields, { description: 'spec is the spec of the objects.' }),
          },
          { description: 'template is what an object is made from.' },
        ),
      },
      { description: 'spec holds the template.' },
    ),
    columns: [],
    labels: labLabels,
  })
}

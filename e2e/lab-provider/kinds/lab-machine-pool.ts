// LabMachinePool: machines of the lab that are alike — core
import { flag, integer, kind, listOf, type ObjectOf, optional, record } from '@k0smotron-ts/api/schema'
import { providerID, statusFields } from './fields.ts'
import { labColumns, labGroup, labLabels } from './group.ts'

export const labMachinePool = kind({
  ...labGroup,
  kind: 'LabMachinePool',
  description: 'LabMachinePool is as many machines of the lab as its MachinePool wants.',
  spec: record(
    {
      providerIDList: optional(
        listOf(providerID('An ID of a machine.'), {
          description: 'providerIDList is set by the provider: the machines that are there.',
        }),
      ),
    },
    { description: 'spec is the pool that is wanted.' },
  ),
  status: record(
    {
      ...statusFields,
      // Cluster API core 1.13 looks for nothing else at pools, whatever the contract says
      ready: optional(flag({ description: 'ready is the same as initialization.provisioned.' })),
      replicas: optional(integer({ description: 'replicas is how many machines are there.', minimum: 0 })),
    },
    { description: 'status is the observed state of the pool of machines.' },
  ),
  columns: [
    { name: 'Replicas', type: 'integer', jsonPath: '.status.replicas', description: 'Machines that are there' },
    ...labColumns,
  ],
  labels: labLabels,
})

export type LabMachinePool = ObjectOf<typeof labMachinePool>
export type LabMachinePoolStatus = NonNullable<LabMachinePool['status']>

// LabMachine: one machine of the lab — core
import { choice, kind, listOf, type ObjectOf, optional, record, text } from '@k0smotron-ts/api/schema'
import { providerID, statusFields, userDataSha256 } from './fields.ts'
import { labColumns, labGroup, labLabels } from './group.ts'

const address = record(
  {
    type: choice(['Hostname', 'InternalIP', 'ExternalIP', 'InternalDNS', 'ExternalDNS'], {
      description: 'type is the kind of the address.',
    }),
    address: text({ description: 'address is the address.', minLength: 1, maxLength: 256 }),
  },
  { description: 'An address of a machine.' },
)

export const labMachine = kind({
  ...labGroup,
  kind: 'LabMachine',
  description: 'LabMachine is a machine of the lab; all it gets is the bootstrap data of its Machine.',
  spec: record(
    { providerID: optional(providerID('providerID is set by the provider once the machine is there.')) },
    { description: 'spec is the machine that is wanted.' },
  ),
  status: record(
    {
      ...statusFields,
      addresses: optional(
        listOf(address, { description: 'addresses are where the machine is reached.', maxItems: 16 }),
      ),
      userDataSha256: optional(userDataSha256),
    },
    { description: 'status is the observed state of the machine.' },
  ),
  columns: [
    { name: 'ProviderID', type: 'string', jsonPath: '.spec.providerID', description: 'The ID of the machine' },
    ...labColumns,
  ],
  labels: labLabels,
})

export type LabMachine = ObjectOf<typeof labMachine>
export type LabMachineStatus = NonNullable<LabMachine['status']>

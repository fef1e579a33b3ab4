// Who has to say of the infrastructure that it is there — core
import { expect, it } from 'vitest'
import { liveService, observed, type Situation } from '../../testing/observed.ts'
import type { KnownInfrastructure } from '../input.ts'
import { renderInfrastructure } from './infrastructure.ts'

const known: KnownInfrastructure = {
  name: 'LabCluster lab',
  isProvisioned: false,
  managedBy: 'k0smotron',
  provisionedField: 'status.ready',
}
const services = [liveService('ClusterIP')]
const conditionsFor = (infrastructure: Partial<KnownInfrastructure>, rest: Situation = { services }) =>
  renderInfrastructure(observed({}, { ...rest, infrastructure: { ...known, ...infrastructure } })).conditions

it('nothing is said where its own provider acts', () => {
  const { managedBy: _, ...infrastructure } = known
  expect(renderInfrastructure(observed({}, { infrastructure })).conditions).toEqual([])
})

it.each<[string, Partial<KnownInfrastructure>, string, string]>([
  ['another is named', { managedBy: 'terraform' }, 'ManagedElsewhere', 'terraform has to set status.ready'],
  [
    'a kind without the field is named',
    { provisionedField: undefined as never },
    'InfrastructureFieldMissing',
    'has no field',
  ],
])('%s', (_, infrastructure, reason, message) => {
  expect(conditionsFor(infrastructure)).toMatchObject([
    { status: 'False', reason, message: expect.stringContaining(message) },
  ])
})

it('ours waits for the endpoint, and no longer', () => {
  expect(conditionsFor({}, {})).toMatchObject([{ status: 'False', reason: 'WaitingForEndpoint' }])
  expect(conditionsFor({})).toMatchObject([{ status: 'True', reason: 'InfrastructureProvisioned' }])
})

it('one that says that it is there is believed, whoever wrote it', () => {
  expect(conditionsFor({ managedBy: 'terraform', isProvisioned: true })).toMatchObject([{ status: 'True' }])
})

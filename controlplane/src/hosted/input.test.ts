// What a kind says by the metadata of its object — core
import { expect, it } from 'vitest'
import { saidByMetadata } from './input.ts'

const scaled = { manager: 'kubectl', operation: 'Update', subresource: 'scale' } as const
const status = { manager: 'k0smotron-operator', operation: 'Apply', subresource: 'status' } as const
const allowed = { 'k0smotron.io/scale-down-members': '' }
const kept = { 'k0smotron.io/keeps-members': '2' }

it.each([
  ['written through /scale', { managedFields: [status, scaled] }, true],
  ['written through /scale, which may take members', { managedFields: [scaled], annotations: allowed }, undefined],
  ['written into the spec', { managedFields: [status] }, undefined],
  ['written by nobody knows whom', {}, undefined],
  ['kept members before a restore', { managedFields: [status], annotations: kept }, true],
  ['kept members, which may go', { annotations: { ...kept, ...allowed } }, undefined],
  ['others when members were kept', { annotations: { 'k0smotron.io/keeps-members': '1' } }, undefined],
])('replicas that were %s', (_what, metadata, keepsMembers) => {
  expect(saidByMetadata({ name: 'prod', ...metadata }, { replicas: 2 }).keepsMembers).toBe(keepsMembers)
})

it('a schedule is said by annotations', () => {
  const annotations = { 'k0smotron.io/hibernate': '0 20 * * *', 'k0smotron.io/wake': '0 7 * * *' }
  expect(saidByMetadata({ name: 'prod', annotations }, {}).sleep).toEqual({
    hibernate: '0 20 * * *',
    wake: '0 7 * * *',
  })
})

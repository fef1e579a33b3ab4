// What a kind says by the metadata of its object — core
import { expect, it } from 'vitest'
import { saidByMetadata } from './input.ts'

const scaled = { manager: 'kubectl', operation: 'Update', subresource: 'scale' } as const
const status = { manager: 'k0smotron-operator', operation: 'Apply', subresource: 'status' } as const
const allowed = { 'k0smotron.io/scale-down-members': '' }

it.each([
  ['written through /scale', { managedFields: [status, scaled] }, true],
  ['written through /scale, which may take members', { managedFields: [scaled], annotations: allowed }, undefined],
  ['written into the spec', { managedFields: [status] }, undefined],
  ['written by nobody knows whom', {}, undefined],
])('replicas that were %s', (_what, metadata, keepsMembers) => {
  expect(saidByMetadata({ name: 'prod', ...metadata }).keepsMembers).toBe(keepsMembers)
})

it('a schedule is said by annotations', () => {
  const annotations = { 'k0smotron.io/hibernate': '0 20 * * *', 'k0smotron.io/wake': '0 7 * * *' }
  expect(saidByMetadata({ name: 'prod', annotations }).sleep).toEqual({ hibernate: '0 20 * * *', wake: '0 7 * * *' })
})

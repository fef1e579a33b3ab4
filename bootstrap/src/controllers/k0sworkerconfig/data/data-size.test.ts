// Bootstrap data that is too large for a Secret, or for the infrastructure — core
import type { Machine } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { machineOf, observed, secret } from '../../../testing/observed.ts'
import { dataFitsCondition, dataSize, tooLarge } from './data-size.ts'

const of = (bytes: number) => secret('m1', { value: 'x'.repeat(bytes - 12), format: 'cloud-config' })

test('as much as a Secret holds, and a byte more', () => {
  expect(dataSize(of(1_048_576))).toBe(1_048_576)
  expect(tooLarge(of(1_048_576), [])).toBeUndefined()
  const files = [10, 30, 20, 40].map(length => ({ path: '/x', content: 'é'.repeat(length), permissions: '0644' }))
  expect(tooLarge(of(1_048_577), files)).toEqual({
    reason: 'DataTooLarge',
    message:
      'the bootstrap data would have at least 1048577 bytes, and a Secret holds 1048576; the largest parts: spec.files[3] (80 bytes), spec.files[1] (60 bytes), spec.files[2] (40 bytes)',
  })
})

const on = (kind: string) =>
  observed(
    {},
    { machine: machineOf({ infrastructureRef: { kind } as NonNullable<Machine['spec']['infrastructureRef']> }) },
  )

test('a warning where the infrastructure is known to take less, which blocks nothing', () => {
  expect(dataFitsCondition(on('AWSMachine'), 16_384)).toBeUndefined()
  expect(dataFitsCondition(on('AWSMachine'), 16_385)).toMatchObject({
    type: 'DataFits',
    status: 'False',
    reason: 'OverInfrastructureLimit',
    message: expect.stringContaining('has 16385 bytes; the infrastructure of AWSMachine takes 16384'),
  })
  expect(dataFitsCondition(on('ThingMachine'), 1_000_000)).toBeUndefined()
  expect(dataFitsCondition(observed(), 1_000_000)).toBeUndefined()
})

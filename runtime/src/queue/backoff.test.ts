// How long a failed key waits — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, overdueMs } from './backoff.ts'

test.each([
  ['the first failure', 0, 5],
  ['the second', 1, 10],
  ['the tenth', 9, 2_560],
  ['far beyond the cap', 5_000, 120_000],
])('%s', (_, failures, expected) => {
  expect(backoffMs(failures, 0)).toBe(expected)
})

test('stays within 4 ms and two minutes, and failures that differ only by chance spread', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const delay = backoffMs(failures, random)
      expect(delay).toBeGreaterThanOrEqual(4)
      expect(delay).toBeLessThanOrEqual(120_000)
    }),
  )
  expect(backoffMs(3, 0)).not.toBe(backoffMs(3, 0.5))
})

test.each([
  ['less than the back-off', 100, 9, 0, 2_560],
  ['more', 30_000, 0, 0, 30_000],
  ['more, and spread', 30_000, 0, 0.5, 33_000],
  ['hours', 7_200_000, 0, 0, 120_000],
])('a server that wants to be asked again after %s', (_, atLeastMs, failures, random, expected) => {
  expect(backoffMs(failures, random, atLeastMs)).toBe(expected)
})

test.each([
  ['for the first time', 0, 500],
  ['for the second', 1, 1_000],
  ['for the hundredth', 99, 120_000],
])('a deadline that is over %s', (_, times, expected) => {
  expect(overdueMs(times, 0)).toBe(expected)
})

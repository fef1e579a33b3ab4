// No hot loop, never blind for long, and nobody in step — core
import { array, assert, constantFrom, double, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { createPace, type Ending } from './pace.ts'

const chance = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const short = double({ min: 0, max: 9_999, noNaN: true })

test('a watch that dies young waits at least 0.2 s when it ended, 0.8 s when it failed, and never longer than 5 s, 30 s, or 10 s', () => {
  const limits = { ended: [200, 5_000], failed: [800, 30_000], unreadable: [800, 10_000] } as const
  const round = record({ kind: constantFrom<Ending['kind'][]>('ended', 'failed', 'unreadable'), livedMs: short })
  assert(
    property(array(round, { maxLength: 40 }), chance, (rounds, random) => {
      const pace = createPace(() => random)
      for (const ending of rounds) {
        const [least, most] = limits[ending.kind]
        const delay = pace.after(ending)
        expect(delay).toBeGreaterThanOrEqual(least)
        expect(delay).toBeLessThanOrEqual(most)
      }
    }),
  )
})

test('the delay is drawn from a range that doubles with each failure', () => {
  const delays = (random: number): number[] => {
    const pace = createPace(() => random)
    return Array.from({ length: 7 }, () => pace.after({ kind: 'failed', livedMs: 0 }))
  }
  expect(delays(0)).toEqual([800, 800, 800, 800, 800, 800, 800])
  expect(delays(1)).toEqual([1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
})

test('a watch that lived long goes on at once, and its past is forgotten', () => {
  const pace = createPace(() => 1)
  for (let failure = 0; failure < 5; failure++) pace.after({ kind: 'failed', livedMs: 0 })
  expect(pace.after({ kind: 'ended', livedMs: 10_000 })).toBe(0)
  expect(pace.after({ kind: 'failed', livedMs: 0 })).toBe(1600)
})

test('a server that asks for more time gets it, within the ceiling', () => {
  const pace = createPace(() => 0)
  expect(pace.after({ kind: 'failed', livedMs: 0, retryAfterMs: 7_000 })).toBe(7_000)
  expect(pace.after({ kind: 'failed', livedMs: 0, retryAfterMs: 3_600_000 })).toBe(30_000)
})

// How often one key may be worked on — core
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Brake } from './brake.ts'

/** Takes the key each time as soon as it may be taken, so many times. */
function takenAt(brake: Brake, key: string, { times, from = 0 }: { times: number; from?: number }): number[] {
  let now = from
  return Array.from({ length: times }, () => {
    now += brake.waitMs(key, now)
    brake.taken(key, now)
    return now
  })
}

test('five at once, then one a second, and after a rest five again', () => {
  const brake = new Brake()
  expect(takenAt(brake, 'a', { times: 7 })).toEqual([0, 0, 0, 0, 0, 1_000, 2_000])
  expect(takenAt(brake, 'a', { times: 6, from: 7_000 })).toEqual([7_000, 7_000, 7_000, 7_000, 7_000, 8_000])
})

test('one key does not brake another', () => {
  const brake = new Brake()
  takenAt(brake, 'a', { times: 20 })
  expect(brake.waitMs('b', 0)).toBe(0)
})

test('a key that rested is forgotten', () => {
  const brake = new Brake()
  for (let key = 0; key < 1_000; key++) takenAt(brake, `k${key}`, { times: 5 })
  expect(brake.size).toBe(1_000)
  brake.taken('other', 5_000)
  expect(brake.size).toBe(1)
})

test('whatever comes, no second has more than its share', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(pauses, steps => {
      const brake = new Brake()
      let now = 0
      const taken = steps.map(pause => {
        now += pause
        now += brake.waitMs('a', now)
        brake.taken('a', now)
        return now
      })
      for (const [index, from] of taken.entries()) {
        for (const [more, to] of taken.slice(index).entries()) {
          expect(more + 1).toBeLessThanOrEqual(5 + (to - from) / 1_000)
        }
      }
    }),
  )
})

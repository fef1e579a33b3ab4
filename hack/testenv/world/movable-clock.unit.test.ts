// Time that is moved on — core
import { expect, test } from 'vitest'
import { movableClock } from './movable-clock.ts'

const hour = 3_600_000

test('what is due by then runs in its order, at its own time; what is due later, or called off, does not', async () => {
  const clock = movableClock()
  const began = clock.elapsed()
  const ran: [string, boolean][] = []
  const at = (name: string, milliseconds: number): (() => void) =>
    clock.after(milliseconds, () => ran.push([name, clock.elapsed() - began >= milliseconds]))
  const calledOff = at('called off', hour / 4)
  const cancelLater = at('later', 3 * hour)
  at('second', hour)
  at('first', hour / 2)
  clock.after(hour / 3, () => at('begun by another', hour / 3))
  calledOff()

  await clock.move(2 * hour)

  expect(ran).toEqual([
    ['first', true],
    ['begun by another', true],
    ['second', true],
  ])
  expect(clock.elapsed() - began).toBeGreaterThanOrEqual(2 * hour)
  cancelLater()
})

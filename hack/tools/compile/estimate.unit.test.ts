// What is said of a build that goes on — core
import { expect, test } from 'vitest'
import { leftMs, type Pace, percentOf, printPace } from './estimate.ts'

const portions = [
  { weight: 20, packages: 100 },
  { weight: 80, packages: 1000 },
]
const pace = (index: number, compiled: number, seconds: number): Pace => ({
  portions,
  index,
  compiled,
  elapsedMs: seconds * 1000,
})

test.each<[string, Pace, string]>([
  ['at the start nobody knows', pace(0, 1, 3), 'x: 0 %'],
  ['the pace so far goes on', pace(0, 50, 60), 'x: 47 %, about 10 min left'],
  ['the next portion begins', pace(1, 0, 120), 'x: 0 %, about 8 min left'],
  ['a slow start is made up for', pace(1, 500, 180), 'x: 47 %, about 3 min left'],
  ['near the end', pace(1, 950, 480), 'x: 90 %, about 50 s left'],
  ['the linker works', pace(1, 1000, 500), 'x: 95 %, about 30 s left'],
  ['more packages than foreseen', pace(1, 3000, 600), 'x: 95 %, about 30 s left'],
])('%s', (_, now, line) => {
  expect(printPace('x', now)).toBe(line)
})

test('what is left never grows while packages are compiled at the same pace', () => {
  const left = Array.from({ length: 9 }, (_, n) => leftMs(pace(1, n * 100, 100 + n * 38)) ?? 0)
  expect(left).toEqual(left.toSorted((a, b) => b - a))
  expect(percentOf(pace(1, 0, 100))).toBe(0)
})

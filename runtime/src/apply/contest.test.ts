// Fields that someone keeps taking from us — core
import { expect, test } from 'vitest'
import { ContestLog } from './contest.ts'

const at = (seconds: number): Date => new Date(1_000_000 + seconds * 1000)
const minute = 60

test('the fourth taking within ten minutes is a contest: five minutes of peace, counted from the last', () => {
  const log = new ContestLog()
  for (const seconds of [0, 10, 20]) expect(log.note('a', ['kubectl'], at(seconds))).toBeUndefined()
  expect(log.note('b', ['kubectl'], at(25))).toBeUndefined()
  expect(log.note('a', ['kubectl'], at(30))).toEqual({ managers: ['kubectl'], retryAfterMilliseconds: 290_000 })
  expect(log.note('a', ['kubectl'], at(20 + 5 * minute))).toBeUndefined()
})

test('takings that are minutes apart are none', () => {
  const log = new ContestLog()
  for (let taking = 0; taking < 20; taking++) expect(log.note('a', [], at(taking * 4 * minute))).toBeUndefined()
})

test('objects that were taken from us are not remembered for ever', () => {
  const log = new ContestLog()
  for (const seconds of [0, 10, 20]) log.note('a', [], at(seconds))
  expect(log.note('a', [], at(21))).toBeDefined()
  for (let object = 0; object < 100_000; object++) log.note(`${object}`, [], at(22))
  expect(log.note('a', [], at(23))).toBeUndefined()
})

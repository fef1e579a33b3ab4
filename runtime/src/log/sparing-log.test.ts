// How often a log says the same thing — core
import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { manualClock } from '../testing/clock.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { sparingLog } from './sparing-log.ts'

const lines = limits.errorLines.value
const message = 'Object left out'

test('a flood is some lines a minute, and then how many more there were', async () => {
  const clock = manualClock()
  const recorded = recordedLog()
  const log = sparingLog(recorded, clock)
  const own = () => recorded.errors.filter(one => one.message === message)
  for (let nth = 1; nth <= 38_000; nth++) log.error({ Node: `n${nth}` }, message)
  log.error({}, 'Lost sight of objects')
  expect(own()).toHaveLength(lines)
  expect(recorded.errors).toHaveLength(lines + 1)
  await clock.advance(60_000)
  log.error({ Node: 'later' }, message)
  expect(own().slice(lines)).toEqual([{ message, fields: { Node: 'later', unsaid: 38_000 - lines } }])
})

test('what is seldom is written as it comes', async () => {
  const clock = manualClock()
  const recorded = recordedLog()
  const log = sparingLog(recorded, clock)
  for (let nth = 0; nth < 2 * lines; nth++) {
    log.error({ nth }, message)
    await clock.advance(10_000)
  }
  expect(recorded.errors.map(({ fields }) => fields)).toEqual(Array.from({ length: 2 * lines }, (_, nth) => ({ nth })))
})

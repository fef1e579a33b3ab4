// What is read of cron expressions and of the names of time zones — core
import { expect, test } from 'vitest'
import { lastTime, nextTime, readSchedule, timeZone } from './schedule.ts'

test.each([
  ['europe/berlin', 'Europe/Berlin'],
  ['utc', 'UTC'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
  ['+01:00', undefined],
  ['Mars', undefined],
  ['', undefined],
  [`${'A'.repeat(1_000)}`, undefined],
])('%s is the zone %s, and zones have one name each', (name, expected) => {
  expect(timeZone(name)).toBe(expected)
})

test.each([
  '* * * * *',
  '*/15 0-6 1,15 JAN-MAR mon-FRI',
  ' 0  20 * * 1-5 ',
  '0 0 29 2 *',
  '0 0 31 2,3 *',
  '0 0 30 2 1',
  '0 0 * * 7',
])('%s has a last and a next time', text => {
  const now = new Date('2026-05-04T12:00:00Z')
  const { schedule } = readSchedule(text) as Extract<ReturnType<typeof readSchedule>, { schedule: unknown }>
  expect(lastTime(schedule, now)).toBeLessThanOrEqual(now.getTime())
  expect(nextTime(schedule, now)?.getTime()).toBeGreaterThan(now.getTime())
})

test.each([
  '',
  '* * * *',
  '* * * * * *',
  '0 25 * * *',
  '60 * * * *',
  '0 0 L * *',
  '0 0 LW * *',
  '0 0 15W * *',
  '0 0 * * 5L',
  '0 0 * * 1#2',
  '0 0 ? * *',
  '0 0 30 2 +1',
  '@daily',
  '@reboot',
  '5/5 * * * *',
  '*/0 * * * *',
  '0 0 * FOO *',
  '2026-05-04T12:00:00',
  `${'0,'.repeat(100)}0 * * * *`,
])('%s is no cron expression', text => {
  expect(readSchedule(text)).toEqual({ fault: 'no cron expression of five fields' })
})

test.each(['0 0 30 2 *', '0 0 31 2,4,6,9,11 *', '* * 30-31 FEB *'])('%s never comes', text => {
  expect(readSchedule(text)).toEqual({ fault: 'a time that never comes' })
})

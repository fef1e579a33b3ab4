// When a schedule lets a control plane sleep, over changes of the clocks, and which annotations are none — core
import { notSupportedCondition, pathsNotSupported } from '@k0smotron-ts/api'
import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { type SleepAnnotations, scheduledAt, sleepFaults, sleepIn } from './sleep.ts'

const weekdays: SleepAnnotations = { hibernate: '0 20 * * 1-5', wake: '0 7 * * 1-5' }
const berlin: SleepAnnotations = { ...weekdays, zone: 'Europe/Berlin' }
const nightly: SleepAnnotations = { hibernate: '30 2 * * *', wake: '0 6 * * *', zone: 'Europe/Berlin' }

test.each<[string, SleepAnnotations, string, boolean, string]>([
  ['a working day', weekdays, '2026-05-04T12:00:00Z', false, '2026-05-04T20:00:00.000Z'],
  ['the very moment', weekdays, '2026-05-04T20:00:00.000Z', true, '2026-05-05T07:00:00.000Z'],
  ['a moment before', weekdays, '2026-05-04T19:59:59.999Z', false, '2026-05-04T20:00:00.000Z'],
  ['a moment after', weekdays, '2026-05-04T20:00:00.001Z', true, '2026-05-05T07:00:00.000Z'],
  ['a weekend', weekdays, '2026-05-09T12:00:00Z', true, '2026-05-11T07:00:00.000Z'],
  ['the moment of waking', weekdays, '2026-05-11T07:00:00.000Z', false, '2026-05-11T20:00:00.000Z'],
  ['summer elsewhere', berlin, '2026-05-04T18:00:00.000Z', true, '2026-05-05T05:00:00.000Z'],
  ['winter elsewhere', berlin, '2026-12-07T18:00:00.000Z', false, '2026-12-07T19:00:00.000Z'],
  [
    'both at once: awake',
    { hibernate: '0 7 * * *', wake: '0 7 * * *' },
    '2026-05-04T12:00:00Z',
    false,
    '2026-05-05T07:00:00.000Z',
  ],
  // 02:30 is not there on the day on which the clocks go forward
  ['before the hour that is left out', nightly, '2026-03-29T00:59:59Z', false, '2026-03-29T01:00:00.000Z'],
  ['after the hour that is left out', nightly, '2026-03-29T01:00:00.000Z', true, '2026-03-29T04:00:00.000Z'],
  [
    'one of several hours that is left out',
    { ...nightly, hibernate: '30 2,4 * * *', wake: '0 1 * * *' },
    '2026-03-29T01:00:00.000Z',
    true,
    '2026-03-29T23:00:00.000Z',
  ],
  // and comes twice where they go back: the first counts
  ['the hour that comes twice', nightly, '2026-10-25T00:30:00.000Z', true, '2026-10-25T05:00:00.000Z'],
  ['the hour that comes twice, the second time', nightly, '2026-10-25T01:30:00.000Z', true, '2026-10-25T05:00:00.000Z'],
])('%s', (_, schedule, now, isAsleep, changesAt) => {
  expect(scheduledAt(schedule, new Date(now))).toEqual({ isAsleep, changesAt: new Date(changesAt) })
})

const [hibernate, wake, zone] = ['k0smotron.io/hibernate', 'k0smotron.io/wake', 'k0smotron.io/hibernation-time-zone']

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'no more than the first',
    { [hibernate]: '0 20 * * *' },
    [`metadata.annotations[${wake}] (missing: the others mean nothing without it; write when, as in 0 7 * * 1-5)`],
  ],
  [
    'no such hour',
    { [hibernate]: '0 25 * * *', [wake]: '0 7 * * *' },
    [
      `metadata.annotations[${hibernate}] ("0 25 * * *": no cron expression of five fields; write when, as in 0 20 * * 1-5)`,
    ],
  ],
  [
    'seconds',
    { [hibernate]: '0 0 20 * * *', [wake]: '0 7 * * *' },
    [
      `metadata.annotations[${hibernate}] ("0 0 20 * * *": no cron expression of five fields; write when, as in 0 20 * * 1-5)`,
    ],
  ],
  [
    'a day that never comes',
    { [hibernate]: '0 20 * * *', [wake]: '0 7 30 2 *' },
    [`metadata.annotations[${wake}] ("0 7 30 2 *": a time that never comes; write when, as in 0 7 * * 1-5)`],
  ],
  [
    'no such zone',
    { [hibernate]: '0 20 * * *', [wake]: '0 7 * * *', [zone]: 'Mars' },
    [`metadata.annotations[${zone}] ("Mars": no time zone; write one such as Europe/Berlin)`],
  ],
  [
    'an empty one',
    { [hibernate]: '', [wake]: '0 7 * * *', [zone]: '' },
    [
      `metadata.annotations[${zone}] ("": no time zone; write one such as Europe/Berlin)`,
      `metadata.annotations[${hibernate}] ("": no cron expression of five fields; write when, as in 0 20 * * 1-5)`,
    ],
  ],
])('%s is told, with what to write, and nothing follows', (_, annotations, faults) => {
  const schedule = sleepIn({ annotations })
  expect(schedule && sleepFaults(schedule)).toEqual(faults)
  expect(schedule && scheduledAt(schedule, new Date('2026-05-04T22:00:00Z'))).toEqual({ faults })
})

test.each<[string, string]>([
  ['*/2 * * * *', '1-59/2 * * * *'],
  ['* * * * *', '* * * * *'],
  ['* * * * *', '0 7 * * *'],
  ['0 20 * * *', '0,5 * * * *'],
  ['0,5 * * * *', '0,5 * * * *'],
  ['0 20 * * *', '14 20 * * *'],
  ['55 23 * * *', '5 0 * * *'],
  ['5 0 * * *', '55 23 * * *'],
  ['5 1,3,5,7,8-23 * * *', '0 0,2,4,6,8-23 * * *'],
  ['1-59/2 * 15-30 * *', '*/2 * 1-15 * *'],
])('%s and %s come too close, whatever the days', (hibernateAt, wakeAt) => {
  const schedule = { hibernate: hibernateAt, wake: wakeAt }
  const fault = `metadata.annotations[${hibernate}] ("${hibernateAt}": a time of day less than 15 minutes from one of ${wake}; write both further apart as in 0 20 * * 1-5 and 0 7 * * 1-5)`
  expect(sleepFaults(schedule)).toEqual([fault])
  expect(scheduledAt(schedule, new Date('2026-05-04T22:00:00Z'))).toEqual({ faults: [fault] })
})

test.each<[string, string]>([
  ['0 20 * * *', '15 20 * * *'],
  ['0 20 * * *', '45 19 * * *'],
  ['50 23 * * *', '5 0 * * *'],
  ['0 0 * * 6', '0 0 * * 1'],
  ['0,5 20 * * *', '0 7 * * *'],
  ['15,45 * * * *', '0,30 * * * *'],
  ['0 7 * * *', '0 7 * * *'],
])('%s and %s do not', (hibernateAt, wakeAt) => {
  expect(sleepFaults({ hibernate: hibernateAt, wake: wakeAt })).toEqual([])
})

const minutes = fc.constantFrom('0', '10', '14', '15', '30', '59', '0,30', '*/15', '*')
const hours = fc.constantFrom('0', '1', '23', '7,20', '*')
const days = fc.constantFrom('* * *', '* * 1-5', '* * 0', '1,15 * *', '31 * *')
const expression = fc.tuple(minutes, hours, days).map(parts => parts.join(' '))

it('what is no fault changes no sooner, on whatever days', () => {
  fc.assert(
    fc.property(expression, expression, (hibernateAt, wakeAt) => {
      const schedule = { hibernate: hibernateAt, wake: wakeAt }
      fc.pre(sleepFaults(schedule).length === 0)
      const times = [new Date('2026-05-04T12:00:00Z')]
      for (const now of times) {
        const { changesAt } = scheduledAt(schedule, now) as Extract<
          ReturnType<typeof scheduledAt>,
          { isAsleep: boolean }
        >
        if (times.push(changesAt) > 6) break
      }
      const distances = times.slice(2).map((time, index) => time.getTime() - (times[index + 1]?.getTime() ?? 0))
      expect(Math.min(...distances)).toBeGreaterThanOrEqual(15 * 60_000)
    }),
    { numRuns: 60 },
  )
})

it('a schedule that has no next time is none, and says so', () => {
  expect(scheduledAt(weekdays, new Date('9999-12-31T23:00:00Z'))).toEqual({
    faults: [
      `metadata.annotations[${wake}] ("0 7 * * 1-5": a time that does not come any more; write when, as in 0 7 * * 1-5)`,
    ],
  })
})

it('30 February beside days of the week is any of those in February', () => {
  const { changesAt } = scheduledAt({ ...weekdays, wake: '0 7 30 2 1' }, new Date('2026-05-04T21:00:00Z')) as Extract<
    ReturnType<typeof scheduledAt>,
    { isAsleep: boolean }
  >
  expect(changesAt).toEqual(new Date('2027-02-01T07:00:00Z'))
})

it('a long text is cut where it is told, and never read', () => {
  const [first = ''] = sleepFaults({ ...weekdays, hibernate: `${'*/1,'.repeat(5_000)}* * * * *` })
  expect(first.length).toBeLessThan(250)
})

it.each([' ', '  ', '\t', ' \n '])('a text does not read as if a field had no effect, with %j between', space => {
  const text = ['x', 'spec.replicas', 'y'].join(`,${space}`)
  const message = notSupportedCondition([`annotation (${text})`, ...sleepFaults({ ...weekdays, hibernate: text })])[0]
    ?.message
  expect(pathsNotSupported(message ?? '')).not.toContain('spec.replicas')
})

it('no annotation, no schedule', () => {
  expect(sleepIn({ annotations: { other: 'x' } })).toBeUndefined()
})

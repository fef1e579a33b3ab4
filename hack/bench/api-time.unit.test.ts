// Time in requests — core
import { expect, test } from 'vitest'
import { covered, requestSpans, type Span } from './api-time.ts'

test.each<[string, readonly Span[], number]>([
  ['nothing', [], 0],
  ['one inside', [{ from: 12, to: 15 }], 3],
  [
    'two at once count once',
    [
      { from: 12, to: 15 },
      { from: 13, to: 18 },
      { from: 14, to: 15 },
    ],
    6,
  ],
  [
    'two with a gap',
    [
      { from: 16, to: 18 },
      { from: 11, to: 12 },
    ],
    3,
  ],
  [
    'the parts outside do not count',
    [
      { from: 0, to: 11 },
      { from: 19, to: 30 },
      { from: 40, to: 50 },
    ],
    2,
  ],
])('%s', (_, spans, milliseconds) => {
  expect(covered(spans, { from: 10, to: 20 })).toBe(milliseconds)
})

const line = (different: object): string =>
  JSON.stringify({
    verb: 'create',
    userAgent: 'operator/1',
    objectRef: { resource: 'secrets' },
    requestReceivedTimestamp: '1970-01-01T00:00:01.000250Z',
    stageTimestamp: '1970-01-01T00:00:02Z',
    ...different,
  })

test('only the requests of the named programs that do something count, to the microsecond', () => {
  const log = [
    line({}),
    line({ userAgent: 'kubectl/1' }),
    line({ verb: 'watch' }),
    line({ objectRef: { resource: 'events' } }),
    line({ verb: 'get', objectRef: undefined, stageTimestamp: '1970-01-01T00:00:01.5Z' }),
    '',
  ].join('\n')
  expect(requestSpans(log, ['operator/'])).toEqual([
    { from: 1000.25, to: 2000 },
    { from: 1000.25, to: 1500 },
  ])
})

// Time in requests — core

import type { AuditEntry } from '@k0smotron-ts/hack/testenv'
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

const entry = (different: Partial<AuditEntry>): AuditEntry => ({
  user: 'u',
  userAgent: 'operator/1',
  verb: 'create',
  resource: 'secrets',
  subresource: '',
  namespace: 'default',
  name: 's',
  path: '/x',
  status: 201,
  receivedAt: 1000.25,
  answeredAt: 2000,
  ...different,
})

test('only the requests of the named programs that do something count', () => {
  const entries = [
    entry({}),
    entry({ userAgent: 'kubectl/1' }),
    entry({ verb: 'watch' }),
    entry({ resource: 'events' }),
    entry({ resource: 'leases.coordination.k8s.io' }),
    entry({ verb: 'get', resource: '', answeredAt: 1500 }),
  ]
  expect(requestSpans(entries, ['operator/'])).toEqual([
    { from: 1000.25, to: 2000 },
    { from: 1000.25, to: 1500 },
  ])
})

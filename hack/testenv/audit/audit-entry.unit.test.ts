// Counting requests — core
import { expect, test } from 'vitest'
import { countBy, isEvent, isLeaseRenewal, isWrite, parseAuditLines } from './audit-entry.ts'

const line = (fields: object): string =>
  JSON.stringify({
    stage: 'ResponseComplete',
    requestURI: '/x',
    verb: 'get',
    user: { username: 'jane' },
    requestReceivedTimestamp: '1970-01-01T00:00:01.000250Z',
    stageTimestamp: '1970-01-01T00:00:02Z',
    ...fields,
  })

const leases = { resource: 'leases', apiGroup: 'coordination.k8s.io', namespace: 'default', name: 'l' }

test('each request counts once: a watch when it begins, anything else when it is answered', () => {
  const entries = parseAuditLines(
    [
      line({ verb: 'list', objectRef: { resource: 'pods' } }),
      line({ verb: 'watch', stage: 'ResponseStarted', objectRef: { resource: 'pods' } }),
      line({ verb: 'watch', objectRef: { resource: 'pods' } }),
      line({ verb: 'create', stage: 'Panic', objectRef: { resource: 'deployments', apiGroup: 'apps' } }),
      '',
    ].join('\n'),
  )
  expect(countBy(entries, ['verb', 'resource'])).toEqual({
    'list pods': 1,
    'watch pods': 1,
    'create deployments.apps': 1,
  })
})

test('lease renewals and Events can be told apart from other writes', () => {
  const entries = parseAuditLines(
    [
      line({ verb: 'update', objectRef: leases }),
      line({ verb: 'create', objectRef: leases }),
      line({ verb: 'create', objectRef: { resource: 'events', apiGroup: 'events.k8s.io' } }),
      line({ verb: 'patch', objectRef: { resource: 'events' } }),
      line({ verb: 'patch', objectRef: { resource: 'pods', subresource: 'status' } }),
      line({ verb: 'list', objectRef: { resource: 'pods' } }),
    ].join('\n'),
  )
  expect(entries.map(isLeaseRenewal)).toEqual([true, false, false, false, false, false])
  expect(entries.map(isEvent)).toEqual([false, false, true, true, false, false])
  expect(entries.map(isWrite)).toEqual([true, true, true, true, true, false])
})

test('times are told to the microsecond', () => {
  expect(parseAuditLines(line({}))).toMatchObject([{ receivedAt: 1000.25, answeredAt: 2000 }])
})

test('the most frequent combination comes first', () => {
  const entries = parseAuditLines([line({}), line({ verb: 'list' }), line({ verb: 'list' })].join('\n'))
  expect(Object.entries(countBy(entries, ['user', 'verb']))).toEqual([
    ['jane list', 2],
    ['jane get', 1],
  ])
})

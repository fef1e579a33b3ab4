import { describe, expect, it } from 'vitest'
import { certificates, etcdPod, etcdService, liveSet, observed } from '../../../../testing/observed.ts'
import { render } from '../../../phases.ts'
import type { DatabaseAlarm } from '../../members.ts'
import { databaseIn, rounded } from './database-json.ts'

const Mi = 1024 ** 2

/** What DatastoreAvailable says where the database takes that many of 100 MiB. */
function said(size: number, alarms: readonly DatabaseAlarm[] = [], readyReplicas = 1): string {
  const database = { size: size * Mi, inUse: Mi, quota: 100 * Mi, alarms }
  const snapshot = observed(
    { version: 'v1.36.3+k0s.1' },
    {
      ...certificates,
      services: [etcdService],
      statefulSets: [liveSet('kmc-prod-etcd', { status: { replicas: 1, readyReplicas } })],
      pods: [etcdPod(0)],
      datastoreMembers: { answers: new Map(), databases: new Map([[0, database]]) },
    },
  )
  const conditions = render(snapshot).flatMap(outcome => outcome.conditions)
  const found = conditions.find(({ type }) => type === 'DatastoreAvailable')
  return `${found?.status} ${found?.reason}: ${found?.message}`
}

describe('DatastoreAvailable', () => {
  it.each([
    [79, [], 'True DatastoreAvailable: the etcd member is ready'],
    [
      80,
      [],
      'True DatastoreNearlyFull: a database takes 80 % of its quota of 100Mi, at which etcd refuses to write; delete objects that nobody needs, such as Events, and defragment the members (etcdctl defrag); the etcd member is ready',
    ],
    [
      100,
      ['NOSPACE'],
      'False DatastoreOutOfSpace: etcd refuses to write, because a database has reached its quota of 100Mi (alarm NOSPACE); delete objects that nobody needs and that have no finalizer, such as Events, and defragment the members (etcdctl defrag), and then take the alarm back (etcdctl alarm disarm)',
    ],
    [
      100,
      ['NOSPACE', 'CORRUPT'],
      'False DatastoreCorrupt: etcd says that its members have different data (alarm CORRUPT), and refuses to write; give the member that `etcdctl alarm list` names a new volume, or restore a backup',
    ],
  ] as const)('at %d %% of the quota, with alarms %j', (size, alarms, expected) => {
    expect(said(size, alarms)).toBe(expected)
  })

  it.each([
    // the alarm is what makes members unready
    [['CORRUPT'], 'False DatastoreCorrupt'],
    [['NOSPACE'], 'False WaitingForMembers'],
  ] as const)('where no member is ready, with alarms %j', (alarms, expected) => {
    expect(said(100, alarms, 0)).toContain(expected)
  })
})

describe('databaseIn', () => {
  it.each([
    [
      'etcd before 3.6, which tells no quota',
      { dbSize: '20480', dbSizeInUse: '16384' },
      { size: 20480, inUse: 16384, alarms: [] },
    ],
    [
      'etcd of today, with an alarm',
      { dbSize: '9', dbSizeInUse: '8', dbSizeQuota: '1048576', errors: ['memberID:17 alarm:NOSPACE '] },
      { size: 9, inUse: 8, quota: Mi, alarms: ['NOSPACE'] },
    ],
    ['words that are no alarm', { dbSize: '9', errors: ['etcdserver: no leader'] }, { size: 9, inUse: 0, alarms: [] }],
    ['a quota of nothing', { dbSize: '9', dbSizeQuota: '0' }, { size: 9, inUse: 0, alarms: [] }],
    ['a quota with which no etcd works', { dbSize: '9', dbSizeQuota: '1' }, { size: 9, inUse: 0, alarms: [] }],
    ['no size', {}, undefined],
    ['no number', { dbSize: '1e999' }, undefined],
  ])('%s', (_, status, expected) => {
    expect(databaseIn(status)).toEqual(expected)
  })

  it('is rounded upward: what has reached its quota looks so', () => {
    expect(rounded({ size: 4 * Mi + 1, inUse: 1, quota: 5, alarms: [] })).toEqual({
      size: 8 * Mi,
      inUse: 4 * Mi,
      quota: 5,
      alarms: [],
    })
  })
})

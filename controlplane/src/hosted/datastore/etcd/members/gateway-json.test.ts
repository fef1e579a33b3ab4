// What is read of etcd's answers, and what is made of it — core
import { expect, test } from 'vitest'
import { membersIn, statusIn } from './gateway-json.ts'
import { listedMembers, memberAnswers } from './view.ts'

// as etcd 3.7.1 says it
const list = {
  header: { cluster_id: '9283402572641457184', member_id: '1279009630658182889', raft_term: '2' },
  members: [
    { ID: '1279009630658182889', name: 'm-0', peerURLs: ['https://m-0:2380'], clientURLs: ['https://m-0:2379'] },
    { ID: '3102051437572797616', peerURLs: ['https://m-1:2380'], isLearner: true },
  ],
}
const leading = { header: { member_id: '10' }, leader: '10', raftIndex: '100', raftAppliedIndex: '100' }

test('a list, with the ordinals of our peer URLs', () => {
  const ordinalOf = (url: string): number | undefined => (url === 'https://m-0:2380' ? 0 : undefined)
  expect(listedMembers(membersIn(list), ordinalOf)).toEqual([
    { id: '1279009630658182889', ordinal: 0, isVoter: true, isStarted: true },
    { id: '3102051437572797616', isVoter: false, isStarted: false },
  ])
})

test('nine tenths of the leader are in sync; who follows nobody does not answer', () => {
  const behind = { ...leading, header: { member_id: '11' }, isLearner: true, raftAppliedIndex: '89' }
  const alone = { header: { member_id: '12' }, raftIndex: '100', errors: ['etcdserver: no leader'] }
  const statuses = [leading, behind, alone].map((json, ordinal) => [ordinal, statusIn(json)] as const)
  expect([...memberAnswers(new Map(statuses))]).toEqual([
    [0, { id: '10', isLeader: true, isInSync: true }],
    [1, { id: '11', isLeader: false, isInSync: false }],
  ])
})

test.each([
  ['no members', { header: {} }],
  ['an empty list', { members: [] }],
  ['an id that could be a path', { members: [{ ID: '../7', peerURLs: [] }] }],
])('is no list: %s', (_what, json) => {
  expect(() => membersIn(json)).toThrow(/an answer without/)
})

test('is no status: one without a member', () => {
  expect(() => statusIn({ leader: '10' })).toThrow('an answer without a member id')
})

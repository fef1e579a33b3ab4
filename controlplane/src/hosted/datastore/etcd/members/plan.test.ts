// What is planned in situations that a person would ask about — core
import { expect, test } from 'vitest'
import type { Member } from '../../members.ts'
import { clearClaims } from './kubernetes-rules.ts'
import { planMembers } from './plan.ts'
import { type Claim, memberFiles, membersFor, type SeenPod, type Snapshot } from './snapshot.ts'

/** `v0` a voter that answers, `V0` a silent one, `l1` a learner that answers, `n1` one that never started; each with its claim. */
function seenOf(members: string, change: Partial<Snapshot> = {}): Snapshot {
  const list = members.split(' ').map(memberOf)
  const answering = list.filter((_, index) => /^[vl]/.test(members.split(' ')[index] ?? ''))
  return {
    desired: list.length,
    replicas: list.length,
    members: list,
    answers: new Map(
      answering.map(({ id, ordinal = 0 }) => [ordinal, { id, isLeader: ordinal === 0, isInSync: true }]),
    ),
    claims: new Map(list.map(({ id, ordinal = 0 }) => [ordinal, claimOf(ordinal, id)])),
    pods: new Map(list.map(({ ordinal = 0 }) => [ordinal, podOf(`pod-${ordinal}`)])),
    isObserved: true,
    files: new Map(),
    ...change,
  }
}

function memberOf(short: string): Member {
  const ordinal = Number(short.slice(1))
  return { id: `id-${ordinal}`, ordinal, isVoter: /^[vV]/.test(short), isStarted: !short.startsWith('n') }
}

const podOf = (uid: string): SeenPod => ({ uid, isReady: true, isRunning: true, isOutdated: false })
const claimOf = (ordinal: number, mark?: string): Claim => ({
  uid: `claim-${ordinal}`,
  isGoing: false,
  ...(mark !== undefined && { mark }),
})
const withClaim = (seen: Snapshot, ordinal: number, mark?: string): Snapshot => ({
  ...seen,
  claims: new Map([...seen.claims, [ordinal, claimOf(ordinal, mark)]]),
})

test.each<[situation: string, seen: Snapshot, step: object]>([
  ['a member more begins with its volume', seenOf('v0', { desired: 3 }), { kind: 'createClaim', ordinal: 1 }],
  [
    'the volume of an earlier member is not used',
    withClaim(seenOf('v0', { desired: 3 }), 1, 'old'),
    { kind: 'deleteClaim', ordinal: 1, uid: 'claim-1' },
  ],
  [
    'a volume that we made is fresh when no member has its place',
    withClaim(seenOf('v0', { desired: 3 }), 1, 'made'),
    { kind: 'markClaim', ordinal: 1, uid: 'claim-1', to: 'fresh' },
  ],
  [
    'a learner that may have begun on another volume than the one that we made goes',
    withClaim(seenOf('v0 v1 n2'), 2, 'made'),
    { kind: 'remove', id: 'id-2' },
  ],
  ['its pod comes when the volume is given', seenOf('v0 n1 n2', { replicas: 1 }), { kind: 'setReplicas', replicas: 2 }],
  [
    'a pod that was there before its member, and refuses the volume, is made anew when its file has changed',
    {
      ...seenOf('v0 v1 n2'),
      claims: new Map([...seenOf('v0 v1 n2').claims, [2, { ...claimOf(2, 'id-2'), olderPod: 'pod-2' }]]),
      files: new Map([[2, { initial: [0, 1, 2] }]]),
    },
    { kind: 'deletePod', ordinal: 2, uid: 'pod-2' },
  ],
  ['a learner that has caught up is promoted', seenOf('v0 v1 l2'), { kind: 'promote', id: 'id-2' }],
  ['one is promoted before the next is added', seenOf('v0 l1', { desired: 3 }), { kind: 'promote', id: 'id-1' }],
  ['the highest member goes first', seenOf('v0 v1 v2', { desired: 1 }), { kind: 'remove', id: 'id-2' }],
  ['members go before their pods', seenOf('v0 v1', { desired: 1, replicas: 3 }), { kind: 'remove', id: 'id-1' }],
  ['then the pods', seenOf('v0', { replicas: 3 }), { kind: 'setReplicas', replicas: 1 }],
  ['a member whose volume is gone goes', withClaim(seenOf('v0 v1 V2'), 2), { kind: 'remove', id: 'id-2' }],
  [
    'a low member comes before a high one goes',
    withClaim(seenOf('v1 v2 v3', { desired: 3, replicas: 4 }), 0, 'fresh'),
    { kind: 'addLearner', ordinal: 0 },
  ],
  [
    'a pod that may have read an older file goes before its member comes',
    {
      ...seenOf('v0 v1'),
      desired: 3,
      replicas: 3,
      pods: new Map([[2, podOf('old')]]),
      claims: new Map([[2, { ...claimOf(2, 'fresh'), olderPod: 'old' }]]),
    },
    { kind: 'deletePod', ordinal: 2, uid: 'old' },
  ],
])('%s', (_situation, seen, step) => {
  expect(planMembers(seen)).toEqual({ kind: 'step', step })
})

test.each<[situation: string, seen: Snapshot, message: string]>([
  [
    'the last volume is lost',
    withClaim(seenOf('V0', { desired: 3 }), 0),
    'no member is added before member 0 (id-0) answers',
  ],
  ['a member is silent', seenOf('v0 v1 V2', { desired: 5 }), 'no member is added before member 2 (id-2) answers'],
  [
    'one that is to stay is silent',
    seenOf('v0 V1 v2', { desired: 1 }),
    'member 2 (id-2) cannot go: of the others 1 answer, 2 are needed',
  ],
  ['a learner does not start', seenOf('v0 n1'), 'member 1 (id-1) has not started yet'],
  [
    'an earlier member may still join',
    seenOf('v0 v1', { desired: 3, files: new Map([[2, { initial: [0, 1, 2] }]]) }),
    'the configuration of member 2 lets an earlier one join',
  ],
])('waits when %s', (_situation, seen, message) => {
  expect(planMembers(seen)).toEqual({ kind: 'wait', message })
})

const kept = (ordinal: number): Claim => ({
  uid: `claim-${ordinal}`,
  isGoing: false,
  othersName: `claim of ${ordinal}`,
})
const withKept = (seen: Snapshot, ...ordinals: readonly number[]): Snapshot => ({
  ...seen,
  claims: new Map([...seen.claims, ...ordinals.map(one => [one, kept(one)] as const)]),
})

test.each<[situation: string, seen: Snapshot, ordinal: number]>([
  ['a member is to come', withKept(seenOf('v0', { desired: 3 }), 1), 1],
  ['its pod is there', withKept(seenOf('v0', { desired: 3, replicas: 3 }), 1), 1],
  ['no member is to come', withKept(seenOf('v0'), 1), 1],
  ['it is said to be of a member that votes', withKept(seenOf('v0 v1 v2'), 1, 3), 3],
])('a volume that was made for another control plane stays, and is named, when %s', (_situation, seen, ordinal) => {
  const message = `PersistentVolumeClaim claim of ${ordinal} was made for another control plane; delete it if nobody needs its data`
  expect(planMembers(seen)).toEqual({ kind: 'wait', message })
})

test('a volume of our own goes beside one that was made for another control plane', () => {
  const seen = withClaim(withKept(seenOf('v0'), 1), 2, 'id-2')
  expect(planMembers(seen)).toEqual({ kind: 'step', step: { kind: 'deleteClaim', ordinal: 2, uid: 'claim-2' } })
})

test('the pod of the first member comes back, also before its volume was given to it', () => {
  const { members: _, ...seen } = withClaim(seenOf('V0', { desired: 3, replicas: 0 }), 0)
  expect(planMembers(seen)).toEqual({ kind: 'step', step: { kind: 'setReplicas', replicas: 1 } })
})

test('who joins without data has all members in its file, everybody else only himself', () => {
  const seen = withClaim(withClaim(seenOf('v0 v1 l2 n3 n4'), 0), 4, 'id-3')
  expect([...memberFiles(seen)]).toEqual([
    [0, { initial: [0] }],
    [1, { directory: 'id-1', initial: [1] }],
    [2, { directory: 'id-2', initial: [2] }],
    [3, { directory: 'id-3', initial: [0, 1, 2, 3, 4] }],
    [4, { directory: 'id-3', initial: [4] }],
  ])
})

test('a learner is not promoted for what another process at its place says', () => {
  const seen = seenOf('v0 v1 l2')
  const answers = new Map([...seen.answers, [2, { id: 'other', isLeader: false, isInSync: true }]])
  const message = 'member 2 (id-2) has not caught up yet'
  expect(planMembers({ ...seen, answers })).toEqual({ kind: 'wait', message })
})

test("a member that is nobody's stops everything", () => {
  const { members = [], ...seen } = seenOf('v0', { desired: 3 })
  const other = { id: 'other', isVoter: true, isStarted: true }
  const message = "member other has a peer URL that is none of this control plane's"
  expect(planMembers({ ...seen, members: [...members, other] })).toEqual({ kind: 'wait', message })
})

test('no volume of a member is deleted, wherever that is', () => {
  const { members = [], ...seen } = seenOf('v0 v1', { desired: 1, replicas: 1, pods: new Map() })
  expect(clearClaims({ ...seen, members })).toBeUndefined()
  expect(clearClaims({ ...seen, members: members.slice(0, 1) })).toMatchObject({
    step: { kind: 'deleteClaim', ordinal: 1 },
  })
})

test('the number of members is odd, at most five, and one for one', () => {
  expect([1, 2, 3, 4, 5, 6, 9].map(membersFor)).toEqual([1, 3, 3, 5, 5, 5, 5])
})

// Which pod of a changed template comes next, and what it waits for — core
import { expect, test } from 'vitest'
import { planMembers } from './plan.ts'
import { memberOrdinals, type SeenPod, type Snapshot } from './snapshot.ts'

interface Situation {
  readonly leader?: number
  /** Whose pods have the newest template. */
  readonly newest?: readonly number[]
  /** Who says nothing, and is not ready. */
  readonly silent?: readonly number[]
  readonly pods?: Readonly<Record<number, Partial<SeenPod>>>
  readonly change?: Partial<Snapshot>
}

/** Three members that vote. */
function seenOf({ leader = 0, newest = [], silent = [], pods = {}, change = {} }: Situation): Snapshot {
  const ordinals = memberOrdinals.slice(0, 3)
  const answering = ordinals.filter(one => !silent.includes(one))
  const podOf = (one: number): SeenPod => ({
    uid: `pod-${one}`,
    isReady: !silent.includes(one),
    isRunning: !silent.includes(one),
    isOutdated: !newest.includes(one),
    ...pods[one],
  })
  return {
    desired: 3,
    replicas: 3,
    isObserved: true,
    members: ordinals.map(ordinal => ({ id: `id-${ordinal}`, ordinal, isVoter: true, isStarted: true })),
    answers: new Map(answering.map(one => [one, { id: `id-${one}`, isLeader: one === leader, isInSync: true }])),
    claims: new Map(ordinals.map(one => [one, { uid: `claim-${one}`, mark: `id-${one}`, isGoing: false }])),
    pods: new Map(ordinals.map(one => [one, podOf(one)])),
    files: new Map(),
    ...change,
  }
}

const replaced = (ordinal: number) => ({
  kind: 'step',
  step: { kind: 'replacePod', ordinal, uid: `pod-${ordinal}` },
})

test.each<[string, Situation, object]>([
  ['the highest ordinal goes first', {}, replaced(2)],
  ['then the next', { newest: [2] }, replaced(1)],
  ['the leader goes last', { leader: 2 }, replaced(1)],
  ['the leader goes when it is the last', { leader: 2, newest: [0, 1] }, replaced(2)],
  ['all are of the newest', { newest: [0, 1, 2] }, { kind: 'settled' }],
  ['one that does not serve goes before others', { silent: [0], leader: 1 }, replaced(0)],
  ['one that does not serve goes though another one does not', { silent: [0, 2], leader: 1, newest: [2] }, replaced(0)],
  ['members come before pods', { change: { desired: 5 } }, { kind: 'step', step: { kind: 'createClaim', ordinal: 3 } }],
])('%s', (_what, situation, plan) => {
  expect(planMembers(seenOf(situation))).toEqual(plan)
})

test.each<[string, Situation, string]>([
  [
    'one of the newest template does not serve',
    { newest: [2], silent: [2] },
    'no pod of an older template is replaced before member 2 (id-2) is ready',
  ],
  [
    'the kubelet calls none ready that answers',
    { newest: [2], pods: { 2: { isReady: false } } },
    'no pod of an older template is replaced before member 2 (id-2) is ready',
  ],
  ['a budget keeps it', { pods: { 2: { budgetWait: 'the budget' } } }, 'the pod of member 2 waits for the budget'],
  [
    'nobody knows yet which template is the newest',
    { newest: [0, 1, 2], change: { isObserved: false } },
    'Kubernetes has not looked at the StatefulSet yet',
  ],
])('waits while %s', (_what, situation, message) => {
  expect(planMembers(seenOf(situation))).toEqual({ kind: 'wait', message, isRoll: true })
})

test('while members wait, no pod that serves goes', () => {
  const seen = seenOf({ newest: [2], silent: [2], change: { desired: 5 } })
  expect(planMembers(seen)).toEqual({ kind: 'wait', message: 'no member is added before member 2 (id-2) answers' })
})

test('without a quorum who does not run goes, and nobody else', () => {
  const { members: _, ...seen } = seenOf({
    silent: [0, 1, 2],
    pods: { 0: { isRunning: true }, 1: { isRunning: true } },
  })
  expect(planMembers(seen)).toEqual(replaced(2))
  const pods = new Map([...seen.pods].filter(([ordinal]) => ordinal < 2))
  expect(planMembers({ ...seen, pods })).toMatchObject({ kind: 'wait' })
})

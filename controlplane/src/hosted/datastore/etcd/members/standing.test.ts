// What people are told of the members, and when pods of k0s may come and go — core
import { expect, test } from 'vitest'
import { certificates, etcdPod, etcdService, etcdVolume, liveSet, observed } from '../../../../testing/observed.ts'
import type { MembersAnswer } from '../../members.ts'
import { renderEtcd } from '../outcome.ts'
import { isDatastoreWhole, mayWake, planSeen } from './standing.ts'

/** `members`: voters that answer. `live`: of the StatefulSet, `ready` of them. */
function standingOf(replicas: number, { members, live, ready = live, refusal, failed = 0, learning = 0 }: Standing) {
  const set = liveSet('kmc-prod-etcd', {
    spec: { replicas: live } as never,
    status: { replicas: live, readyReplicas: ready },
  })
  const ordinals = Array.from({ length: members ?? 0 }, (_, ordinal) => ordinal)
  const answer: MembersAnswer = {
    ...(failed === 0 && {
      members: ordinals.map(ordinal => ({
        id: `1${ordinal}`,
        ordinal,
        isVoter: ordinal < ordinals.length - learning,
        isStarted: true,
      })),
    }),
    ...(failed > 1 && { isSilent: true }),
    answers: new Map(ordinals.map(one => [one, { id: `1${one}`, isLeader: one === 0, isInSync: learning === 0 }])),
    ...(refusal !== undefined && { refusal }),
  }
  const seen = observed(
    { version: 'v1.36.3+k0s.1', replicas },
    {
      ...certificates,
      services: [etcdService],
      statefulSets: [set],
      pods: Array.from({ length: live }, (_, ordinal) => etcdPod(ordinal)),
      datastoreClaims: ordinals.map(one => etcdVolume(one, `1${one}`)),
      ...(members !== undefined && { datastoreMembers: answer }),
    },
  )
  const [condition] = renderEtcd(seen).conditions
  const told = `${condition?.status} ${condition?.reason}: ${condition?.message}`
  return { isWhole: isDatastoreWhole(seen), mayWake: mayWake(seen), told }
}

interface Standing {
  readonly members?: number
  readonly live: number
  readonly ready?: number
  readonly refusal?: string
  /** Questions, since somebody gave a list. */
  readonly failed?: number
  /** So many of the members, the last ones, have not caught up. */
  readonly learning?: number
}

const asked = 'True ChangingMembers: changing to 3 etcd members: '

test.each<[string, number, Standing, { readonly isWhole: boolean; readonly told: string }]>([
  [
    'three that are ready',
    3,
    { members: 3, live: 3 },
    { isWhole: true, told: 'True DatastoreAvailable: 3 of 3 etcd members are ready' },
  ],
  [
    'one of three is not ready',
    3,
    { members: 3, live: 3, ready: 2 },
    { isWhole: false, told: 'True DatastoreAvailable: 2 of 3 etcd members are ready' },
  ],
  [
    'a member is to come',
    3,
    { members: 1, live: 1 },
    { isWhole: false, told: `${asked}making the volume of member 1` },
  ],
  [
    'etcd did not want it yet',
    1,
    { members: 3, live: 3, refusal: 'etcdserver: unhealthy cluster' },
    {
      isWhole: false,
      told: 'True ChangingMembers: changing to 1 etcd member: removing member 12; etcd did not do it yet: etcdserver: unhealthy cluster',
    },
  ],
  [
    'what etcd did not want before is not what comes next',
    3,
    { members: 1, live: 1, refusal: 'etcdserver: unhealthy cluster' },
    { isWhole: false, told: `${asked}making the volume of member 1` },
  ],
  [
    'nobody was asked yet',
    3,
    { live: 1 },
    { isWhole: false, told: `${asked}no member gives a list that a quorum stands behind` },
  ],
  [
    'nobody was asked since the manager started',
    3,
    { live: 3 },
    { isWhole: false, told: 'True DatastoreAvailable: 3 of 3 etcd members are ready' },
  ],
  [
    'one question had no answer',
    3,
    { members: 3, live: 3, failed: 1 },
    { isWhole: false, told: 'True DatastoreAvailable: 3 of 3 etcd members are ready' },
  ],
  [
    'two questions had no answer',
    3,
    { members: 3, live: 3, failed: 2 },
    { isWhole: false, told: `${asked}no member gives a list that a quorum stands behind` },
  ],
  [
    'a pod is missing, and one question had no answer',
    3,
    { members: 3, live: 2, failed: 1 },
    { isWhole: false, told: `${asked}setting the StatefulSet to 3` },
  ],
  [
    'members are to go',
    1,
    { members: 3, live: 3 },
    { isWhole: false, told: 'True ChangingMembers: changing to 1 etcd member: removing member 12' },
  ],
])('%s', (_what, replicas, standing, expected) => {
  expect(standingOf(replicas, standing)).toMatchObject(expected)
})

test('a single one is ready or not, and nothing more is told', () => {
  const told = 'True DatastoreAvailable: the etcd member is ready'
  expect(standingOf(1, { live: 1 })).toMatchObject({ isWhole: true, told })
  expect(standingOf(1, { live: 1, ready: 0 })).toMatchObject({
    isWhole: false,
    told: expect.stringMatching(/^False WaitingForMembers/),
  })
})

test('a snapshot is planned once, whoever asks', () => {
  const set = liveSet('kmc-prod-etcd', { spec: { replicas: 1 } as never })
  const seen = observed({ replicas: 3 }, { ...certificates, services: [etcdService], statefulSets: [set] })
  expect(planSeen(seen)).toBeDefined()
  expect(planSeen(seen)).toBe(planSeen(seen))
})

test.each<[string, number, Standing, boolean]>([
  ['all that there were serve', 3, { members: 3, live: 3 }, true],
  ['one of three does not', 3, { members: 3, live: 3, ready: 2 }, true],
  ['nobody was asked yet', 3, { live: 3 }, false],
  ['members are to go', 1, { members: 3, live: 3 }, false],
  ['members are to come', 3, { members: 1, live: 1 }, false],
  ['one still learns', 3, { members: 3, live: 3, learning: 1 }, false],
  ['nobody can be asked, so nobody comes', 3, { live: 1, members: 0, failed: 2 }, true],
])('k0s wakes, or waits, where %s', (_, replicas, situation, may) => {
  expect(standingOf(replicas, situation).mayWake).toBe(may)
})

// When members are asked, who is woken, and when a step is taken — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import {
  certificates,
  etcdPod,
  etcdService,
  etcdVolume,
  liveSet,
  observed,
  readyStatus,
} from '../../../../testing/observed.ts'
import type { Observed } from '../../../observed.ts'
import { createDatastoreMembers } from './datastore-members.ts'
import type { MemberGateway } from './gateway.ts'
import type { ListedMember } from './gateway-json.ts'

const peerURLOf = (ordinal: number) => `https://kmc-prod-etcd-${ordinal}.kmc-prod-etcd.team.svc:2380`
const voter = (ordinal: number): ListedMember => ({
  id: `1${ordinal}`,
  peerURLs: [peerURLOf(ordinal)],
  isLearner: false,
  isStarted: true,
})
const silentLog = { error: () => {}, info: () => {}, debug: () => {}, child: () => silentLog }

/** A control plane that has `members`, and wants `replicas`; volumes of others are ready for them. */
function setUp(members: readonly number[], replicas: number) {
  const world = {
    list: members.map(voter),
    refuses: undefined as string | undefined,
    isSilent: false,
    away: -1,
    held: Promise.resolve(),
  }
  const sent: string[] = []
  const change = (what: string, next: () => readonly ListedMember[]): Promise<never> => {
    sent.push(what)
    if (world.refuses !== undefined) return Promise.resolve({ kind: 'refused', message: world.refuses } as never)
    world.list = [...next()]
    return Promise.resolve({ kind: 'done', value: world.list } as never)
  }
  let asked = 0
  const database = { size: 4 * 1024 ** 2, inUse: 0, alarms: [] }
  const gatewayOf = (ordinal: number): MemberGateway => ({
    status: () => {
      asked += 1
      if (ordinal === world.away) return Promise.resolve({ kind: 'unreachable', message: 'no answer' })
      const value = { id: `1${ordinal}`, leader: '10', isLearner: false, committed: 5, applied: 5, database }
      return Promise.resolve({ kind: 'done', value })
    },
    list: async () => {
      const { held, isSilent, list } = world
      await held
      return isSilent ? { kind: 'unreachable', message: 'no answer' } : { kind: 'done', value: list }
    },
    addLearner: url =>
      change(`add ${url}`, () => [...world.list, { id: '19', peerURLs: [url], isLearner: true, isStarted: false }]),
    promote: id => change(`promote ${id}`, () => world.list),
    remove: id => change(`remove ${id}`, () => world.list.filter(one => one.id !== id)),
    moveLeader: to => change(`move to ${to}`, () => world.list),
  })
  const clock = manualClock()
  const woken: string[] = []
  const all = createDatastoreMembers({
    connect: () => ({
      gateways: async () => new Map(members.map(one => [one, gatewayOf(one)])),
      close: () => undefined,
    }),
    clock,
    random: () => 0.5,
    log: silentLog,
    wake: ({ name }) => woken.push(name),
    away: () => () => undefined,
  })
  const volumes = Array.from({ length: replicas }, (_, one) =>
    etcdVolume(one, members.includes(one) ? `1${one}` : 'fresh'),
  )
  const before = observed(
    { version: 'v1.36.3+k0s.1', replicas },
    {
      ...certificates,
      services: [etcdService],
      statefulSets: [liveSet('kmc-prod-etcd', { spec: { replicas: members.length } as never })],
      pods: members.map(etcdPod),
      datastoreClaims: volumes,
    },
  )
  /** A pass, with what is known by then. */
  const pass = (): Observed => {
    const datastoreMembers = all.ask(before)
    return datastoreMembers ? { ...before, datastoreMembers } : before
  }
  const answered = async (): Promise<Observed> => {
    pass()
    await clock.advance(0)
    await expect.poll(() => pass().datastoreMembers).toBeDefined()
    return pass()
  }
  return { all, answered, asked: () => asked, before, clock, pass, sent, woken, world }
}

const shell = { log: silentLog } as unknown as Shell

test('the first pass waits for nobody, and is woken by the answer; the same answer wakes nobody', async () => {
  const { answered, asked, clock, pass, woken } = setUp([0, 1, 2], 3)
  expect(pass().datastoreMembers).toBeUndefined()
  expect((await answered()).datastoreMembers?.members).toHaveLength(3)
  expect(woken).toEqual(['prod-cp'])
  await clock.advance(29_000)
  expect(asked()).toBe(3)
  await clock.advance(1_000)
  await expect.poll(asked).toBe(6)
  expect(woken).toEqual(['prod-cp'])
})

test('a member whose answer is lost has said what it said before, and another minute later it is not known', async () => {
  const { answered, asked, clock, pass, woken, world } = setUp([0, 1, 2], 3)
  const known = () => [...(pass().datastoreMembers?.databases?.keys() ?? [])]
  await answered()
  world.away = 2
  await clock.advance(30_000)
  await expect.poll(asked).toBeGreaterThanOrEqual(6)
  await expect.poll(() => pass().datastoreMembers?.answers.size).toBe(2)
  expect(known()).toEqual([0, 1, 2])
  const before = woken.length
  await expect.poll(() => clock.advance(10_000).then(known)).toEqual([0, 1])
  expect(woken).toHaveLength(before + 1)
})

test('while something is to be changed they are asked every second', async () => {
  const { answered, asked, clock } = setUp([0], 3)
  await answered()
  await clock.advance(1_000)
  await expect.poll(asked).toBe(2)
})

test('who is forgotten is asked no more', async () => {
  const { all, answered, asked, before, clock } = setUp([0, 1, 2], 3)
  await answered()
  all.stopAsking(before.owner)
  await clock.advance(60_000)
  expect(asked()).toBe(3)
})

test('a step is taken when etcd says the same once more', async () => {
  const { all, answered, sent } = setUp([0], 3)
  await all.change(await answered(), shell)
  expect(sent).toEqual([`add ${peerURLOf(1)}`])
})

test('nothing is done when the members are others by now', async () => {
  const { all, answered, sent, world } = setUp([0, 1, 2], 1)
  const seen = await answered()
  world.list = [voter(0), voter(2)]
  await all.change(seen, shell)
  expect(sent).toEqual([])
  await all.change({ ...seen, ...(await answered()) }, shell)
  expect(sent).toEqual(['remove 12'])
})

test('what etcd refuses is told, and tried again a second later though nothing has changed', async () => {
  const { all, answered, clock, pass, sent, woken, world } = setUp([0], 3)
  world.refuses = 'etcdserver: unhealthy cluster'
  await all.change(await answered(), shell)
  expect(sent).toHaveLength(1)
  await clock.advance(1_000)
  await expect.poll(() => pass().datastoreMembers?.refusal).toBe('etcdserver: unhealthy cluster')
  const before = woken.length
  await clock.advance(1_000)
  await expect.poll(() => woken.length).toBeGreaterThan(before)
})

test('what etcd refused is forgotten when it is not to be done any more: nobody is woken at rest', async () => {
  const { all, answered, asked, clock, pass, woken, world } = setUp([0, 1, 2], 3)
  const learner = { ...voter(2), isLearner: true }
  world.list = [voter(0), voter(1), learner]
  world.refuses = 'timed out, though it was done'
  await all.change(await answered(), shell)
  world.list = [voter(0), voter(1), voter(2)]
  await clock.advance(1_200)
  await expect.poll(() => pass().datastoreMembers?.members?.every(one => one.isVoter)).toBe(true)
  expect(pass().datastoreMembers?.refusal).toBeUndefined()
  const [before, questions] = [woken.length, asked()]
  await clock.advance(60_000)
  await expect.poll(asked).toBeGreaterThan(questions)
  expect(woken).toHaveLength(before)
})

test('members are silent when two questions in a row had no list, and no longer when one has', async () => {
  const { answered, clock, pass, world } = setUp([0, 1, 2], 3)
  expect((await answered()).datastoreMembers?.isSilent).toBeUndefined()
  world.isSilent = true
  await clock.advance(30_000)
  await expect.poll(() => pass().datastoreMembers?.members).toBeUndefined()
  expect(pass().datastoreMembers?.isSilent).toBeUndefined()
  await clock.advance(1_200)
  await expect.poll(() => pass().datastoreMembers?.isSilent).toBe(true)
  world.isSilent = false
  await clock.advance(40_000)
  await expect.poll(() => pass().datastoreMembers?.members).toHaveLength(3)
  expect(pass().datastoreMembers?.isSilent).toBeUndefined()
})

test('members are silent at once where they were not at rest', async () => {
  const { answered, clock, pass, world } = setUp([0], 3)
  expect((await answered()).datastoreMembers?.members).toHaveLength(1)
  world.isSilent = true
  await clock.advance(1_000)
  await expect.poll(() => pass().datastoreMembers?.members).toBeUndefined()
  expect(pass().datastoreMembers?.isSilent).toBe(true)
})

test('members that nobody reaches are asked less and less often, until one gives a list', async () => {
  const { answered, asked, clock, world } = setUp([0], 3)
  await answered()
  world.isSilent = true
  for (const pause of [1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = asked()
    await clock.advance(pause - 1)
    expect(asked()).toBe(before)
    await clock.advance(1)
    await expect.poll(asked).toBe(before + 1)
  }
  world.isSilent = false
  await clock.advance(30_000)
  const before = asked()
  await clock.advance(1_000)
  await expect.poll(asked).toBe(before + 1)
})

test('while there is nothing to do but to wait, members are asked less and less often, until another thing is seen', async () => {
  const { all, answered, asked, clock, before, world } = setUp([0, 1, 2], 5)
  await answered()
  world.away = 2
  for (const pause of [1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]) {
    const questions = asked()
    await clock.advance(pause - 1)
    expect(asked()).toBe(questions)
    await clock.advance(1)
    await expect.poll(asked).toBe(questions + 3)
  }
  const questions = asked()
  all.ask({ ...before, datastorePods: before.datastorePods.slice(0, 2) })
  await clock.advance(0)
  await expect.poll(asked).toBe(questions + 3)
  await clock.advance(1_000)
  await expect.poll(asked).toBe(questions + 6)
})

test('an answer to an earlier question takes back nothing that was learned since', async () => {
  const { all, answered, asked, clock, woken, world } = setUp([0, 1, 2], 1)
  const seen = await answered()
  let answer = (): void => undefined
  world.held = new Promise(resolve => {
    answer = resolve
  })
  await clock.advance(1_000)
  await expect.poll(asked).toBe(6)
  world.held = Promise.resolve()
  world.list = [voter(0), voter(1)]
  await all.change(seen, shell)
  const before = woken.length
  answer()
  await expect.poll(() => clock.advance(1_000).then(asked)).toBeGreaterThan(9)
  expect(woken).toHaveLength(before)
})

test('a volume that is made for a member tells whose it is, also where the set is older than that', async () => {
  const { all, answered } = setUp([0], 3)
  const seen = await answered()
  const [set] = seen.statefulSets
  const datastoreSet = { ...set, spec: { ...set?.spec, volumeClaimTemplates: [{ spec: {} }] } } as never
  const made: KubeObject[] = []
  const mint = (_: unknown, object: KubeObject) => Promise.resolve(made.push(object))
  const noClaims = { ...seen, datastoreSet, datastoreClaims: seen.datastoreClaims.slice(0, 1) }
  await all.change(noClaims, { ...shell, mint } as never)
  expect(made[0]?.metadata.annotations).toEqual({
    'k0smotron.io/authority': 'fingerprint of etcd',
    'k0smotron.io/cluster-authority': 'fingerprint of ca',
    'k0smotron.io/etcd-member': 'made',
  })
})

test('a pod of an older template is evicted when it serves, and otherwise deleted as it was seen', async () => {
  const { all, answered, world } = setUp([0, 1, 2], 3)
  const seen = await answered()
  const done: string[] = []
  const writes = {
    evict: async ({ metadata }: KubeObject) => done.push(`evict ${metadata.name}`),
    delete: async (_: unknown, { metadata }: KubeObject, under: object) =>
      done.push(`delete ${metadata.name} ${JSON.stringify(under)}`),
  }
  const datastoreSet = { ...seen.datastoreSet, spec: { replicas: 3, updateStrategy: { type: 'OnDelete' } } }
  const rolling = { ...seen, datastoreSet: { ...datastoreSet, status: { updateRevision: 'new' } } as never }
  const pods = seen.datastorePods.map(pod => ({ ...pod, status: { ...pod.status, ...readyStatus } }))
  await all.change({ ...rolling, datastorePods: pods }, { ...shell, ...writes } as never)
  world.away = 2
  const broken = { ...etcdPod(2), metadata: { ...etcdPod(2).metadata, resourceVersion: '7' } }
  const answers = new Map([...(seen.datastoreMembers?.answers ?? [])].filter(([ordinal]) => ordinal < 2))
  const datastoreMembers = { ...seen.datastoreMembers, answers } as never
  const datastorePods = [...pods.slice(0, 2), broken]
  await all.change({ ...rolling, datastorePods, datastoreMembers }, { ...shell, ...writes } as never)
  expect(done).toEqual(['evict kmc-prod-etcd-2', 'delete kmc-prod-etcd-2 {"resourceVersion":"7"}'])
})

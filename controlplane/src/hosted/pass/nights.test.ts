// Nights by the schedule: passes come at the times that they ask for, and at no other, and the spec stays as it is — core
import type { Pod } from '@k0smotron-ts/runtime'
import { expect, it } from 'vitest'
import { hostedInput } from '../../controllers/k0smotroncontrolplane/snapshot.ts'
import { cluster, controlPlane, noMembers } from '../../testing/observed.ts'
import { SmallWorld } from '../../testing/small-world.ts'
import { type HostedDeps, observeHosted } from '../observe.ts'
import type { Observed } from '../observed.ts'
import { createFactsReader } from '../pki/secret-facts.ts'
import { answeredOutcomes, settledConditions } from '../report/conditions.ts'
import { deadlinesOf, keepParts } from './keep.ts'

const version = 'v1.36.3+k0s.1'
const spec = {
  version,
  replicas: 2,
  storage: { type: 'kine', kine: { dataSourceURL: 'postgres://k0s:k0s@db/k0s' } },
} as const
const answered = { initialization: { controlPlaneInitialized: true }, version }

class Week {
  readonly world: SmallWorld
  status: object = {}
  /** Of the condition Available. */
  readonly said = new Set<string>()
  readonly #annotations: Readonly<Record<string, string>>
  readonly #deps: HostedDeps = {
    readFacts: createFactsReader(),
    askWorkloadAPI: () => ({ ready: true, message: '' }),
    stopAsking() {},
    members: noMembers,
    namespace: 'k0smotron',
  }

  constructor(start: string, annotations: Readonly<Record<string, string>>) {
    this.world = new SmallWorld(new Date(start))
    this.#annotations = annotations
  }

  /** Passes until nothing changes any more; the clock stands meanwhile. */
  async settle(): Promise<Observed> {
    const { now } = this.world
    for (let quiet = 0; quiet < 3; ) {
      const before = this.world.writes.length
      await this.#pass()
      this.world.round()
      this.world.now = now
      quiet = this.world.writes.length > before ? 0 : quiet + 1
    }
    this.status = answered
    return this.#pass()
  }

  async #pass(): Promise<Observed> {
    const own = controlPlane(spec, this.status)
    const object = { ...own, metadata: { ...own.metadata, annotations: this.#annotations } }
    const shell = this.world.shell()
    const observed = await observeHosted(hostedInput({ controlPlane: object, cluster }, undefined), shell, this.#deps)
    const kept = await keepParts(observed, shell, this.#deps)
    const conditions = settledConditions(observed, answeredOutcomes(observed, kept.outcomes ?? [], []), [])
    this.said.add(conditions.find(({ type }) => type === 'Available')?.message ?? '')
    return observed
  }

  pods(): number {
    return this.world.all<Pod>('Pod').length
  }
}

/** `[when, how many pods]`, each time that a pass was asked for. */
async function live(week: Week, until: string): Promise<readonly (readonly [string, number])[]> {
  const seen: [string, number][] = []
  for (let observed = await week.settle(); week.world.now < new Date(until); observed = await week.settle()) {
    seen.push([week.world.now.toISOString(), week.pods()])
    const times = deadlinesOf(observed).flatMap(time => (time ? time.getTime() : []))
    week.world.now = new Date(Math.min(...times))
  }
  return seen
}

const berlin = {
  'k0smotron.io/hibernate': '0 20 * * 1-5',
  'k0smotron.io/wake': '0 7 * * 1-5',
  'k0smotron.io/hibernation-time-zone': 'Europe/Berlin',
}

it.each<[string, string, string, readonly (readonly [string, number])[]]>([
  [
    'forward',
    '2026-03-27T12:00:00Z',
    '2026-03-30T05:00:00.000Z',
    [
      ['2026-03-27T12:00:00.000Z', 2],
      ['2026-03-27T19:00:00.000Z', 0],
      ['2026-03-30T05:00:00.000Z', 2],
      ['2026-03-30T18:00:00.000Z', 0],
    ],
  ],
  [
    'back',
    '2026-10-23T12:00:00Z',
    '2026-10-26T06:00:00.000Z',
    [
      ['2026-10-23T12:00:00.000Z', 2],
      ['2026-10-23T18:00:00.000Z', 0],
      ['2026-10-26T06:00:00.000Z', 2],
      ['2026-10-26T19:00:00.000Z', 0],
    ],
  ],
])('over a weekend on which the clocks go %s', async (_, start, wakes, expected) => {
  const week = new Week(start, berlin)
  const until = new Date(new Date(start).getTime() + 3.5 * 24 * 3_600_000).toISOString()
  expect(await live(week, until)).toEqual(expected)
  const message = `asleep by its schedule until ${wakes}: pods are stopped, data and certificates are kept; take the annotations k0smotron.io/hibernate, k0smotron.io/wake and k0smotron.io/hibernation-time-zone off to wake it`
  expect(week.said).toContain(message)
})

it('annotations that cannot be read stop nothing, and are told', async () => {
  const week = new Week('2026-03-27T22:00:00Z', { ...berlin, 'k0smotron.io/hibernation-time-zone': 'Mars' })
  const observed = await week.settle()
  expect(week.pods()).toBe(2)
  expect(observed.unsupported).toEqual([
    {
      path: 'metadata.annotations[k0smotron.io/hibernation-time-zone] ("Mars": no time zone; write one such as Europe/Berlin)',
      blocks: false,
    },
  ])
})

// Hibernation, waking and scaling in any interleaving: k0s ends before its datastore and comes after it, and nothing is lost — core
import { type KubeObject, namesOf } from '@k0smotron-ts/api'
import {
  type Applied,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  type Shell,
  type StatefulSet,
} from '@k0smotron-ts/runtime'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostedInput } from '../../controllers/k0smotroncontrolplane/snapshot.ts'
import { type ControlPlaneSpec, cluster, controlPlane, etcdVolume } from '../../testing/observed.ts'
import { SmallWorld } from '../../testing/small-world.ts'
import { liveClaims } from '../datastore/etcd/members/seen.ts'
import { planSeen } from '../datastore/etcd/members/standing.ts'
import type { MembersAnswer } from '../datastore/members.ts'
import { type DatastoreMembers, type HostedDeps, observeHosted } from '../observe.ts'
import type { Observed } from '../observed.ts'
import { createFactsReader } from '../pki/secret-facts.ts'
import { keepParts } from './keep.ts'

const names = namesOf('prod')
const version = 'v1.36.3+k0s.1'
const answered = { initialization: { controlPlaneInitialized: true }, version }

type Event =
  | { readonly kind: 'pass' | 'round' }
  | { readonly kind: 'scale'; readonly replicas: number }
  /** Of the process, in the middle of a pass. */
  | { readonly kind: 'death'; readonly writes: number }

/** One control plane whose members of etcd, if there are any, were made before. */
class Night {
  readonly world = new SmallWorld(new Date('2026-05-01T00:00:00Z'))
  readonly violations: string[] = []
  readonly #members: number
  readonly #deps: HostedDeps
  #spec: ControlPlaneSpec
  #status: object = {}

  constructor(spec: ControlPlaneSpec, members: number) {
    this.#spec = spec
    this.#members = members
    const askWorkloadAPI = () => ({ ready: true, message: '' })
    this.#deps = {
      readFacts: createFactsReader(),
      askWorkloadAPI,
      stopAsking() {},
      members: this.#asked(),
      namespace: 'k0smotron',
    }
  }

  /** All of them vote, and who has a pod that is ready answers. */
  #asked(): DatastoreMembers {
    const ask = (observed: Observed): MembersAnswer => {
      const ids = [...liveClaims(observed)].map(([ordinal]) => ({ id: `id-${ordinal}`, ordinal }))
      const up = ids.filter(({ ordinal }) => this.#ready(names.etcd).includes(`${names.etcd}-${ordinal}`))
      const members = ids.map(one => ({ ...one, isVoter: true, isStarted: true }))
      return {
        ...(up.length > ids.length / 2 && { members }),
        answers: new Map(up.map(({ id, ordinal }) => [ordinal, { id, isLeader: ordinal === 0, isInSync: true }])),
      }
    }
    const change: DatastoreMembers['change'] = async observed => {
      const plan = planSeen(observed)
      if (plan?.kind === 'step') this.violations.push(`a change of members: ${JSON.stringify(plan.step)}`)
      return []
    }
    return { ask, change, stopAsking() {} }
  }

  async begin(): Promise<void> {
    await this.settle(1)
    this.#status = answered
    if (this.#members <= 1) return
    for (const ordinal of Array(this.#members).keys()) this.world.put(etcdVolume(ordinal, `id-${ordinal}`))
    const set = this.#set(names.etcd)
    if (set) this.world.put({ ...set, spec: { ...set.spec, replicas: this.#members } } as KubeObject)
    this.world.round()
    this.world.round()
  }

  async apply(event: Event): Promise<void> {
    if (event.kind === 'scale') this.#spec = { ...this.#spec, replicas: event.replicas }
    if (event.kind === 'round') this.world.round()
    if (event.kind === 'pass') await this.#pass()
    if (event.kind === 'death') await this.#pass(event.writes)
  }

  async settle(replicas: number): Promise<void> {
    this.#spec = { ...this.#spec, replicas }
    for (let quiet = 0; quiet < 4; ) {
      const before = this.world.writes.length
      await this.#pass()
      this.world.round()
      quiet = this.world.writes.length > before ? 0 : quiet + 1
    }
  }

  async #pass(maxWrites = Number.POSITIVE_INFINITY): Promise<void> {
    const before = this.#standing()
    const shell = dyingAfter(maxWrites, this.world)
    const input = hostedInput({ controlPlane: controlPlane(this.#spec, this.#status), cluster }, undefined)
    const observed = await observeHosted(input, shell, this.#deps)
    const applied = await keepParts(observed, shell, this.#deps).then(
      kept => kept.applied,
      (error: unknown) => {
        if (error !== death) throw error
        return []
      },
    )
    for (const { error, result } of applied) if (result === 'refused') this.violations.push(`${error}`)
    const after = this.#standing()
    if (this.#members > 0) this.#check(before, after)
  }

  #check(before: Standing, after: Standing): void {
    const isK0sThere = before.k0sPods > 0 || after.k0s > 0
    if (before.etcd > 0 && after.etcd === 0 && isK0sThere) this.violations.push('etcd is stopped under k0s')
    if (before.etcd > 0 && after.etcd > 0 && after.etcd < before.etcd) this.violations.push('etcd loses a pod')
    if (before.etcd === 0 && after.etcd !== 0 && after.etcd !== this.#members)
      this.violations.push(`${after.etcd} members wake`)
    const isQuorum = before.membersReady > this.#members / 2
    if (before.k0s === 0 && after.k0s > 0 && !isQuorum) this.violations.push('k0s wakes before its datastore')
  }

  #standing(): Standing {
    return {
      k0s: this.#set(names.statefulSet)?.spec?.replicas ?? -1,
      etcd: this.#set(names.etcd)?.spec?.replicas ?? -1,
      k0sPods: this.#podsOf(names.statefulSet).length,
      membersReady: this.#ready(names.etcd).length,
    }
  }

  /** What a user finds. */
  picture(): object {
    const { k0s, etcd } = this.#standing()
    const pods = [...this.#ready(names.statefulSet), ...this.#ready(names.etcd)]
    return { k0s, ...(this.#members > 0 && { etcd }), pods, all: this.world.all('Pod').length }
  }

  /** What must be the same for ever: keys, certificates, Services, volumes. */
  kept(): readonly string[] {
    const kinds = ['Secret', 'Service', persistentVolumeClaims.kind].flatMap(kind => this.world.all(kind))
    const lasting = kinds.filter(({ metadata }) => metadata.labels?.['k0smotron.io/config'] === undefined)
    const marks = ({ metadata }: KubeObject) => (metadata as PersistentVolumeClaim['metadata']).annotations
    return lasting.map(one => JSON.stringify([one.kind, one.metadata.name, one.metadata.uid, marks(one)])).toSorted()
  }

  #set(name: string): StatefulSet | undefined {
    return this.world.all<StatefulSet>('StatefulSet').find(({ metadata }) => metadata.name === name)
  }

  #podsOf(set: string): readonly Pod[] {
    return this.world.all<Pod>('Pod').filter(({ metadata }) => metadata.name?.replace(/-\d+$/, '') === set)
  }

  #ready(set: string): readonly string[] {
    const isReady = ({ metadata, status }: Pod) => !metadata.deletionTimestamp && (status?.conditions ?? []).length > 0
    return this.#podsOf(set)
      .filter(isReady)
      .map(({ metadata }) => metadata.name ?? '')
      .toSorted()
  }
}

const death = new Error('the process has died')

/** One write after the other, until there are as many. */
function dyingAfter(maxWrites: number, world: SmallWorld): Shell {
  const last = world.writes.length + maxWrites
  const live =
    <A extends readonly unknown[], T>(write: (...given: A) => Promise<T>) =>
    async (...given: A) => {
      if (world.writes.length >= last) throw death
      return write(...given)
    }
  const shell = world.shell()
  const applyOne = live((object: KubeObject) => shell.apply([object]))
  return {
    ...shell,
    apply: async objects => {
      const applied: Applied[] = []
      for (const object of objects) applied.push(...(await applyOne(object)))
      return applied
    },
    patch: live(shell.patch) as Shell['patch'],
    delete: live(shell.delete) as Shell['delete'],
  }
}

interface Standing {
  /** -1: there is no such StatefulSet. */
  readonly k0s: number
  readonly etcd: number
  readonly k0sPods: number
  readonly membersReady: number
}

const ordinals = (set: string, count: number) => Array.from({ length: count }, (_, ordinal) => `${set}-${ordinal}`)
const kine = { type: 'kine', kine: { dataSourceURL: 'postgres://k0s:k0s@db/k0s' } } as const

describe.each<[string, ControlPlaneSpec, number, readonly number[]]>([
  ['one member of etcd', { version }, 1, [0, 1]],
  ['three members of etcd', { version, replicas: 2 }, 3, [0, 2, 3]],
  ['a database', { version, storage: kine }, 0, [0, 1, 2, 5]],
])('a control plane on %s', (_, spec, members, counts) => {
  const replicas = fc.constantFrom(...counts)
  const event: fc.Arbitrary<Event> = fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('scale' as const), replicas }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('pass' as const, 'round' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('death' as const), writes: fc.nat({ max: 2 }) }) },
  )

  it('ends and comes in its order, keeps all that lasts, and comes to what is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 40, size: 'max' }),
        replicas,
        async (events, last) => {
          const night = new Night(spec, members)
          await night.begin()
          await night.settle(Math.max(...counts))
          const kept = night.kept()
          for (const one of events) await night.apply(one)
          await night.settle(last)
          expect(night.violations).toEqual([])
          expect(night.kept()).toEqual(kept)
          const etcd = last === 0 ? 0 : members
          const pods = [...ordinals(names.statefulSet, last), ...ordinals(names.etcd, etcd)]
          expect(night.picture()).toEqual({ k0s: last, ...(members > 0 && { etcd }), pods, all: pods.length })
        },
      ),
      { numRuns: 15 },
    )
  })
})

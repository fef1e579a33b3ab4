// Two years of passes over one control plane, at the times that they ask for and at any other — core
import type { KubeSecret, Pod, StatefulSet } from '@k0smotron-ts/runtime'
import { parseCertificate } from '@k0smotron-ts/runtime'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hostedInput } from '../../controllers/k0smotroncontrolplane/snapshot.ts'
import { type ControlPlaneSpec, cluster, controlPlane, noMembers } from '../../testing/observed.ts'
import { SmallWorld } from '../../testing/small-world.ts'
import { endNotices } from '../facts/ending.ts'
import { type HostedDeps, observeHosted } from '../observe.ts'
import type { Observed } from '../observed.ts'
import { pemOf } from '../pki/certificate-facts.ts'
import { parseKubeconfigSecret } from '../pki/kubeconfig-facts.ts'
import { createFactsReader } from '../pki/secret-facts.ts'
import { deadlinesOf, keepParts } from './keep.ts'

const version = 'v1.36.3+k0s.1'
const day = 24 * 3_600_000
const start = new Date('2026-05-01T00:00:00Z')
const end = new Date(start.getTime() + 725 * day)
const answered = { initialization: { controlPlaneInitialized: true }, version }

class Years {
  readonly world = new SmallWorld(start)
  /** How often passes were asked for, and how often one of them had to write something. */
  readonly wakes = { all: 0, writing: 0 }
  #status: object = {}
  readonly #deps: HostedDeps

  readonly #spec: ControlPlaneSpec

  constructor(spec: ControlPlaneSpec) {
    this.#spec = spec
    const readFacts = createFactsReader()
    const workload = { askWorkloadAPI: () => ({ ready: true, message: '' }), stopAsking() {} }
    this.#deps = { readFacts, ...workload, members: noMembers, namespace: 'k0smotron' }
  }

  /** Passes and what others do, until nothing changes any more; gives what was seen last. */
  async settle(): Promise<Observed> {
    const { length } = this.world.writes
    this.wakes.all++
    for (let [quiet, passes] = [0, 0]; quiet < 3; passes++) {
      expect(passes, 'passes that each write something').toBeLessThan(99)
      const before = this.world.writes.length
      await this.#pass()
      this.world.round()
      quiet = this.world.writes.length > before ? 0 : quiet + 1
    }
    if (this.world.writes.length > length) this.wakes.writing++
    this.#status = answered
    return this.#pass()
  }

  async #pass(): Promise<Observed> {
    const shell = this.world.shell()
    const input = hostedInput({ controlPlane: controlPlane(this.#spec, this.#status), cluster }, undefined)
    const observed = await observeHosted(input, shell, this.#deps)
    const kept = await keepParts(observed, shell, this.#deps)
    const refused = kept.applied.filter(({ result }) => result === 'refused')
    expect(refused.map(({ object, error }) => `${object.metadata.name} ${error}`)).toEqual([])
    return kept.observed
  }
}

/** Everything that must not be over: leaves, the kubeconfig, and what k0s issued when its pod started. */
function ends({ world }: Years): readonly (readonly [string, Date])[] {
  const leaves = world.all<KubeSecret>('Secret').flatMap(secret => {
    const name = secret.metadata.name ?? ''
    if (name === 'prod-kubeconfig')
      return [[name, certificateEnd(parseKubeconfigSecret(secret).credential.certificate)]]
    const isLeaf = /-(etcd-server|etcd-peer|apiserver-etcd-client)$/.test(name)
    return isLeaf ? [[name, certificateEnd(pemOf(secret, 'tls.crt'))]] : []
  }) as [string, Date][]
  const pods = world.all<Pod>('Pod').flatMap(({ metadata, status }) => {
    const startedAt = status?.containerStatuses?.[0]?.state?.running?.startedAt
    const isK0s = metadata.labels?.component === 'cluster'
    return isK0s && startedAt ? [[metadata.name ?? '', new Date(new Date(startedAt).getTime() + 365 * day)]] : []
  }) as [string, Date][]
  return [...leaves, ...pods]
}

const certificateEnd = (pem: string): Date => parseCertificate(pem).notAfter

/** Lives through two years, with further passes at these times. */
async function live(spec: ControlPlaneSpec, others: readonly Date[] = []): Promise<Years> {
  const years = new Years(spec)
  let observed = await years.settle()
  while (years.world.now < end) {
    const times = [...deadlinesOf(observed), ...others, end].flatMap(time => (time ? time.getTime() : []))
    const next = new Date(Math.min(...times.filter(time => time > years.world.now.getTime())))
    for (const [name, notAfter] of ends(years)) {
      expect(notAfter.getTime(), `${name} is over before ${next.toISOString()}`).toBeGreaterThan(next.getTime())
    }
    years.world.now = next
    observed = await years.settle()
    expect(endNotices(observed)).toEqual([])
  }
  return years
}

/** Days after the beginning at which something was written, by what; the beginning left out. */
function written({ world }: Years, verb: string): Record<string, readonly number[]> {
  const times: Record<string, number[]> = {}
  for (const { verb: is, name, at } of world.writes) {
    if (is !== verb || at.getTime() < start.getTime() + day) continue
    times[name] = [...(times[name] ?? []), Math.round((at.getTime() - start.getTime()) / day)]
  }
  return times
}

const kine = { type: 'kine', kine: { dataSourceURL: 'postgres://k0s:k0s@db/k0s' } } as const

it.each<[string, ControlPlaneSpec, readonly string[], number]>([
  ['etcd', { version }, ['prod-apiserver-etcd-client', 'prod-etcd-peer', 'prod-etcd-server', 'prod-kubeconfig'], 1],
  ['three replicas on a database', { version, replicas: 3, storage: kine }, ['prod-kubeconfig'], 3],
])('nothing ends, nothing is renewed twice, and one pod is replaced at a time: %s', async (_, spec, secrets, count) => {
  const others = fc.sample(fc.integer({ min: 1, max: 725 * 24 }), { numRuns: 40, seed: count })
  const years = await live(
    spec,
    others.map(hour => new Date(start.getTime() + hour * 3_600_000)),
  )
  const renewed = written(years, 'renew')
  expect(Object.keys(renewed).sort()).toEqual(secrets)
  for (const days of Object.values(renewed)) expect(days).toEqual([243, 487])

  const applied = written(years, 'apply')
  const { 'kmc-prod': rolls = [], ...rest } = applied
  expect(rest).toEqual({})
  expect(rolls.length).toBeGreaterThanOrEqual(2)
  const gaps = rolls.map((at, index) => at - (rolls[index - 1] ?? 0))
  for (const gap of gaps) expect(Math.abs(gap - 243)).toBeLessThanOrEqual(37)
  expect(years.world.mostDown).toBe(1)
  expect(years.world.all<StatefulSet>('StatefulSet').map(({ status }) => status?.readyReplicas)).toContain(count)
})

it('passes come by themselves when something is due, and at no other time', async () => {
  const years = await live({ version })
  // one more at the end, when the test looks
  expect(years.wakes.all).toBe(years.wakes.writing + 1)
})

// A management cluster with one manager and control planes that wait for their pods — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bundleManagers } from '@k0smotron-ts/hack/managers'
import { type AuditEntry, isEvent, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { type ManagerProcess, startManager } from '../measure/manager-process.ts'
import { requestsFor } from '../measure/requests.ts'
import { within } from '../measure/within.ts'
import type { BenchOptions } from '../scenario.ts'
import { type Arrivals, watchArrivals } from './arrivals.ts'
import { type Kind, ofClusterApi } from './control-planes.ts'
import { differences } from './object-list.ts'

/** What it took to bring up one batch. */
export interface Batch {
  readonly clusters: number
  /** From the first create to the last object of the last control plane. */
  readonly seconds: number
  /** Until the manager had nothing left to do. */
  readonly cpuSeconds: number
  readonly requests: readonly AuditEntry[]
  readonly entries: readonly AuditEntry[]
  readonly passes: number
}

/** Of a control plane of the batch. */
export function costOfEach({ clusters, entries, passes, requests }: Batch) {
  const events = entries.filter(entry => isEvent(entry) && entry.user === requests[0]?.user)
  return { requests: requests.length / clusters, events: events.length / clusters, passes: passes / clusters }
}

export interface Fleet extends AsyncDisposable {
  readonly management: Management
  /** The one that runs now. */
  readonly manager: ManagerProcess
  /** Throws when the objects are others than those of objects.json. */
  grow(names: readonly string[]): Promise<Batch>
  /** Stops the manager and starts another one, which has as many control planes to look at. */
  restart(): Promise<ManagerProcess>
}

export async function startFleet(kind: Kind = ofClusterApi): Promise<Fleet> {
  const expected = await objectsOf(kind)
  await using started = new AsyncDisposableStack()
  const management = started.use(await startManagement({ clusterApiKinds: kind.usesClusterApi }))
  const arrivals = started.use(await watchArrivals(management.env.connection, expected))
  // of their own: `make build` removes what a release has, in the middle of our run too
  const bundle = join(management.env.dir, 'managers')
  await bundleManagers(bundle)
  const start = () => startManager(management, 'control-plane', bundle)
  let manager = started.use(await start())
  const running = started.move()
  return {
    management,
    get manager() {
      return manager
    },
    grow: names => grow({ management, manager, arrivals, expected, kind }, names),
    restart: async () => {
      await manager.stop()
      manager = running.use(await start())
      return manager
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function objectsOf({ service }: Kind): Promise<readonly string[]> {
  const objects = JSON.parse(await readFile(join(import.meta.dirname, 'objects.json'), 'utf8')) as readonly string[]
  return objects.map(object => (object === ofClusterApi.service ? service : object))
}

interface Growing {
  readonly management: Management
  readonly manager: ManagerProcess
  readonly arrivals: Arrivals
  readonly expected: readonly string[]
  readonly kind: Kind
}

async function grow(growing: Growing, names: readonly string[]): Promise<Batch> {
  const { management, manager, kind } = growing
  const { client, env } = management
  const make = await kind.before(client, names)
  await settled(management, manager)
  const before = { mark: await env.auditLog.mark(), usage: await manager.usage(), passes: await manager.passes() }
  const seconds = await untilThere(growing, names.length, make)
  await settled(management, manager)
  const wrong = differences(growing.arrivals.found, growing.expected)
  if (wrong.length > 0)
    throw new Error(`e2e/bench/fleet/objects.json says otherwise:\n  ${wrong.slice(0, 20).join('\n  ')}`)
  const entries = await env.auditLog.since(before.mark)
  return {
    clusters: names.length,
    seconds,
    cpuSeconds: (await manager.usage()).cpuSeconds - before.usage.cpuSeconds,
    requests: requestsFor(entries, manager.user),
    entries,
    passes: (await manager.passes()) - before.passes,
  }
}

/** Makes so many control planes; resolves with the seconds that it took until everything of all was there. */
async function untilThere({ arrivals, expected }: Growing, count: number, make: () => Promise<void>): Promise<number> {
  const missing = () => differences(arrivals.found, expected).slice(0, 10).join(', ')
  const wanted = arrivals.found.size + count
  const startedAt = performance.now()
  const there = Promise.all([make(), arrivals.complete(wanted)])
  await within(60 + count, () => `${arrivals.found.size} of ${wanted} have something; ${missing()}`, there)
  return (performance.now() - startedAt) / 1000
}

/** Nobody writes any more, and the manager has nothing left to look at. */
async function settled(management: Management, manager: ManagerProcess): Promise<void> {
  await within(120, () => 'somebody writes on and on', management.quiet())
  await manager.untilIdle(0)
}

/** Everything that was asked of the API server meanwhile. */
export async function during({ env }: Management, work: () => Promise<unknown>): Promise<readonly AuditEntry[]> {
  const mark = await env.auditLog.mark()
  await work()
  return env.auditLog.since(mark)
}

/** What a manager cost in a minute in which nothing happens, and nothing should. */
export interface WaitingMinute {
  readonly requests: number
  readonly cpuSeconds: number
  /** Until the minute began. */
  readonly peakMiB: number
  /** When it was over. */
  readonly residentMiB: number
}

/** Waits less with `--quick`, and counts as if it had been a minute. */
export async function waitingMinute(
  { quick, say }: BenchOptions,
  { management, manager }: Fleet,
): Promise<WaitingMinute> {
  const seconds = quick ? 10 : 60
  const { peakMiB, cpuSeconds } = await manager.usage()
  say(`  waiting ${seconds} s`)
  const entries = await during(management, () => delay(seconds * 1000))
  const after = await manager.usage()
  const perMinute = 60 / seconds
  return {
    requests: requestsFor(entries, manager.user).length * perMinute,
    cpuSeconds: (after.cpuSeconds - cpuSeconds) * perMinute,
    peakMiB,
    residentMiB: after.residentMiB,
  }
}

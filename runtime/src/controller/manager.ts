// Everything of one process in its order: probes, lists, lease, passes; and back — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import type { Cache } from '../cache/types.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { EventRecorder } from '../events/recorder.ts'
import type { ManagerFlags } from '../flags/manager-flags.ts'
import { createElection, type Election } from '../leader/election.ts'
import type { Leadership } from '../leader/leadership.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { systemClock } from '../system-clock.ts'
import { pause } from '../wait.ts'
import type { Webhooks } from '../webhook/webhooks.ts'
import { createController, type RunningController } from './controller.ts'
import { drain, lossOf } from './manager-drain.ts'
import { createEndpoints, type NamedEndpoint } from './manager-endpoints.ts'
import type { ControllerSetup } from './pass.ts'

export interface ManagerOptions {
  readonly flags: Pick<
    ManagerFlags,
    'diagnosticsAddress' | 'healthProbeAddress' | 'insecureDiagnostics' | 'leaderElect'
  >
  /** What controllers write with, and for reviews of tokens; closed at the end. */
  readonly client: Client
  /** Opens a connection for the lease alone: over that of everything else, one that is dead would cost the lease. */
  readonly connectForLease: () => Client
  readonly cache: Cache
  readonly controllers: readonly ControllerSetup[]
  readonly lease: ObjectKey
  /** What is waited for before the lease. */
  readonly predecessor?: ObjectKey
  /** Who we are among those who want the lease. */
  readonly identity: string
  readonly events: EventRecorder
  readonly log: Logger
  readonly metrics: Metrics
  /** Served from the beginning to the end, whoever holds the lease. */
  readonly webhooks?: Pick<Webhooks, 'endpoint' | 'notReady'>
  /** For how long running passes may go on after a stop. Less than the grace period of the pod. */
  readonly graceMs?: number
  readonly clock?: Clock
  readonly random?: () => number
}

export interface Manager {
  /**
   * Runs until the signal is aborted (0), the lease is lost or something cannot start (1). Afterwards nothing listens,
   * watches or renews any more, and the client is closed: a pass that still runs can write nothing.
   */
  run(signal: AbortSignal): Promise<number>
}

/** What `run` works with. */
interface Parts extends Omit<ManagerOptions, 'clock' | 'controllers' | 'graceMs'> {
  readonly clock: Clock
  readonly graceMs: number
  readonly running: readonly RunningController[]
  readonly endpoints: readonly NamedEndpoint[]
  readonly election: Election | undefined
  readonly watching: AbortController
  readonly progress: Progress
}

/** Why we are not ready, if we are not, and since when we stop. */
interface Progress {
  notReady: string | undefined
  stoppingSince?: number
}

const flushMs = 1_000

export function createManager(options: ManagerOptions): Manager {
  const { clock = systemClock, random = Math.random, graceMs = 8_000, flags, cache, log, metrics } = options
  const progress: Progress = { notReady: 'the first lists are being read' }
  const deps = { cache, clock, events: options.events, log, metrics, random }
  const running = options.controllers.map(setup => createController(setup, deps))
  if (flags.leaderElect) metrics.leads(options.lease.name, false)
  const election = flags.leaderElect
    ? createElection({ ...options, connect: options.connectForLease, clock, random })
    : undefined
  // an alert that waits for nobody would never end
  metrics.unreadableKinds(() => cache.unreadable.all().filter(({ isAwaited }) => !isAwaited))
  const leaseNote = (): string | undefined => election?.note()
  const endpoints = createEndpoints({ ...options, clock, notReady: () => progress.notReady, leaseNote })
  const watching = new AbortController()
  const parts: Parts = { ...options, clock, graceMs, running, election, endpoints, watching, progress }
  return { run: signal => runParts(parts, signal) }
}

async function runParts(parts: Parts, signal: AbortSignal): Promise<number> {
  let lost: string | undefined
  try {
    await startListening(parts)
    lost = await work(parts, signal)
    return lost === undefined ? 0 : 1
  } catch (error) {
    parts.log.error({ error }, 'Manager cannot run')
    return 1
  } finally {
    await end(parts, lost)
  }
}

async function startListening({ endpoints, log }: Parts): Promise<void> {
  for (const { name, endpoint } of endpoints) log.info({ endpoint: name, port: await endpoint.start() }, 'Listening')
}

/** Gives the reason when the lease was lost, while working or while stopping; nothing after a stop. */
async function work(parts: Parts, signal: AbortSignal): Promise<string | undefined> {
  const { cache, clock, election, log, progress, running, watching } = parts
  const aborted = whenAborted(signal).then(() => {
    Object.assign(progress, { notReady: 'stopping', stoppingSince: clock.elapsed() })
    return undefined
  })
  await Promise.race([cache.start(watching.signal), aborted])
  if (signal.aborted) return undefined
  progress.notReady = undefined
  log.info({}, 'First lists read')

  const leadership = await election?.acquire(signal)
  if (signal.aborted) return release(parts, leadership)
  leads(parts, leadership, true)
  for (const controller of running) controller.start()
  log.info({}, 'Controllers started')

  const lost = await Promise.race([aborted, lossOf(leadership)])
  progress.notReady = 'stopping'
  const passes = Promise.all(running.map(controller => controller.stop()))
  const why = lost ?? (await stop(parts, leadership, passes))
  if (why === undefined) return undefined
  leads(parts, leadership, false)
  log.error({ lease: election?.lease.name, why }, 'Lease lost, stopping')
  return why
}

/** Passes end first, then the lease goes: two managers never work at once. A lease that is lost meanwhile ends the waiting. */
async function stop(
  parts: Parts,
  leadership: Leadership | undefined,
  passes: Promise<unknown>,
): Promise<string | undefined> {
  const { graceMs, log } = parts
  log.info({ graceMs }, 'Waiting for running passes')
  const ended = await drain({ ...parts, passes }, leadership)
  if (ended.kind === 'lost') return ended.why
  if (ended.kind === 'drained') return release(parts, leadership)
  log.error({ graceMs }, 'Passes did not end in time, the lease is kept until it ends by itself')
  return undefined
}

async function release(parts: Parts, leadership: Leadership | undefined): Promise<undefined> {
  await leadership?.release()
  leads(parts, leadership, false)
  return undefined
}

function leads({ lease, metrics }: Parts, leadership: Leadership | undefined, now: boolean): void {
  if (leadership) metrics.leads(lease.name, now)
}

/** After a loss another one works: what passes are still about to write is broken off before anything else. */
async function end(parts: Parts, lost: string | undefined): Promise<void> {
  const { client, election, endpoints, events, log, watching } = parts
  if (lost === undefined) await events.close(flushMs)
  watching.abort()
  await client.close()
  await election?.close()
  if (lost === undefined) await linger(parts)
  for (const { endpoint } of endpoints) await endpoint.close()
  log.info({}, 'Manager stopped')
}

/** So long nodes may take to learn that a pod is going; until then they send to it what is asked of webhooks. */
const lingerMs = 3_000

async function linger({ clock, progress, webhooks }: Parts): Promise<void> {
  const { stoppingSince } = progress
  if (!webhooks || stoppingSince === undefined) return
  const left = stoppingSince + lingerMs - clock.elapsed()
  if (left > 0) await pause(clock, left)
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

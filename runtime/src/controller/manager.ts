// Everything of one process in its order: probes, lists, lease, passes; and back — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import type { Cache } from '../cache/types.ts'
import type { Client } from '../client/types.ts'
import { type Clock, within } from '../clock.ts'
import type { EventRecorder } from '../events/recorder.ts'
import type { ManagerFlags } from '../flags/manager-flags.ts'
import { createElection, type Election } from '../leader/election.ts'
import type { Leadership } from '../leader/leadership.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { systemClock } from '../system-clock.ts'
import { createController, type RunningController } from './controller.ts'
import { createEndpoints, type NamedEndpoint } from './manager-endpoints.ts'
import type { ControllerSetup } from './pass.ts'

export interface ManagerOptions {
  readonly flags: Pick<
    ManagerFlags,
    'diagnosticsAddress' | 'healthProbeAddress' | 'insecureDiagnostics' | 'leaderElect'
  >
  /** For the lease and for reviews of tokens. */
  readonly client: Client
  readonly cache: Cache
  readonly controllers: readonly ControllerSetup[]
  readonly lease: ObjectKey
  /** Who we are among those who want the lease. */
  readonly identity: string
  readonly events: EventRecorder
  readonly log: Logger
  readonly metrics: Metrics
  /** For how long running passes may go on after a stop. Less than the grace period of the pod. */
  readonly graceMs?: number
  readonly clock?: Clock
  readonly random?: () => number
}

export interface Manager {
  /**
   * Runs until the signal is aborted (0), the lease is lost or something cannot start (1). Afterwards nothing listens,
   * watches or renews any more, and the client is closed.
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

/** Why we are not ready, if we are not. */
interface Progress {
  notReady: string | undefined
}

const flushMs = 1_000

export function createManager(options: ManagerOptions): Manager {
  const { clock = systemClock, random = Math.random, graceMs = 8_000, flags, cache, log, metrics } = options
  const progress: Progress = { notReady: 'the first lists are being read' }
  const deps = { cache, clock, log, metrics, random }
  const running = options.controllers.map(setup => createController(setup, deps))
  if (flags.leaderElect) metrics.leads(options.lease.name, false)
  const election = flags.leaderElect ? createElection({ ...options, clock, random }) : undefined
  const endpoints = createEndpoints({ ...options, clock, notReady: () => progress.notReady })
  const watching = new AbortController()
  const parts: Parts = { ...options, clock, graceMs, running, election, endpoints, watching, progress }
  return { run: signal => runParts(parts, signal) }
}

async function runParts(parts: Parts, signal: AbortSignal): Promise<number> {
  try {
    await startListening(parts)
    const lost = await work(parts, signal)
    return lost === undefined ? 0 : 1
  } catch (error) {
    parts.log.error({ error }, 'Manager cannot run')
    return 1
  } finally {
    await end(parts)
  }
}

async function startListening({ endpoints, log }: Parts): Promise<void> {
  for (const { name, endpoint } of endpoints) log.info({ endpoint: name, port: await endpoint.start() }, 'Listening')
}

/** Gives the reason when the lease was lost, nothing after a stop. */
async function work(parts: Parts, signal: AbortSignal): Promise<string | undefined> {
  const { cache, election, log, progress, running, watching } = parts
  const aborted = whenAborted(signal)
  await Promise.race([cache.start(watching.signal), aborted])
  if (signal.aborted) return undefined
  progress.notReady = undefined
  log.info({}, 'First lists read')

  const leadership = await election?.acquire(signal)
  if (signal.aborted) return release(parts, leadership)
  leads(parts, leadership, true)
  for (const controller of running) controller.start()
  log.info({}, 'Controllers started')

  const lost = await Promise.race([aborted, ...(leadership ? [leadership.lost] : [])])
  progress.notReady = 'stopping'
  if (lost === undefined) return stop(parts, leadership)
  leads(parts, leadership, false)
  for (const controller of running) void controller.stop() // the lease is another's soon: nobody is waited for
  log.error({ lease: election?.lease.name, why: lost }, 'Lease lost, stopping')
  return lost
}

/** Passes end first, then the lease goes: two managers never work at once. */
async function stop(parts: Parts, leadership: Leadership | undefined): Promise<undefined> {
  const { clock, graceMs, log, running } = parts
  log.info({ graceMs }, 'Waiting for running passes')
  const ended = Promise.all(running.map(controller => controller.stop())).then(() => true)
  if (await within(clock, graceMs, { promise: ended, late: false })) return release(parts, leadership)
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

async function end({ client, endpoints, events, log, watching }: Parts): Promise<void> {
  await events.close(flushMs)
  watching.abort()
  for (const { endpoint } of endpoints) await endpoint.close()
  await client.close()
  log.info({}, 'Manager stopped')
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

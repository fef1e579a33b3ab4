// Waits until a k0smotron that runs all its controllers under a Lease of its own has ended — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { ApiError } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { pause } from '../wait.ts'
import { holderOf, isLongOver, type Lease, type LeaseTiming, leases, mayTake, type Sighting, sight } from './lease.ts'
import { askWithin, type LeaseConnection } from './lease-connection.ts'

export interface PredecessorDeps {
  readonly connection: LeaseConnection
  /** That of k0smotron without `--enable-controller`, which does not compete for ours. */
  readonly lease: ObjectKey
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
  readonly timing: LeaseTiming
}

export interface Predecessor {
  /** Resolves when nobody holds the Lease or renews it any more, or the signal is aborted. Nothing is ever written. */
  untilGone(signal: AbortSignal): Promise<void>
  /** Who is waited for, in a sentence for people. */
  note(): string | undefined
}

export function createPredecessor(deps: PredecessorDeps): Predecessor {
  const { clock, lease, log, random, timing } = deps
  let waitsFor: string | undefined
  /** Of whom it was said that he works: he renewed the Lease before our eyes. */
  let alive: string | undefined
  /** Why we may not see whether there is one. */
  let forbidden: string | undefined

  const note = (): string | undefined =>
    forbidden ??
    (waitsFor &&
      `${waitsFor} holds Lease ${lease.name}: a k0smotron without --enable-controller runs all controllers, and nothing is done here before it is scaled down`)

  const learn = (before: Sighting | undefined, seen: Sighting): void => {
    waitsFor = holderOf(seen.lease)
    if (!before) log.info({ lease: lease.name, holder: waitsFor }, 'Waiting for the lease')
    if (!before || seen.changedAt === before.changedAt || alive === waitsFor) return
    alive = waitsFor
    log.error({ lease: lease.name }, note() ?? '')
  }

  const forbid = ({ message }: ApiError): void => {
    const before = forbidden
    forbidden = `Lease ${lease.name} tells whether a k0smotron without --enable-controller works here, and nothing is done before it may be read: ${message}`
    if (before === undefined) log.error({ lease: lease.name }, forbidden)
  }

  const look = async (before: Sighting | undefined): Promise<Sighting | undefined> => {
    const found = await lookedUp(deps)
    if (found instanceof ApiError) forbid(found)
    if (!found || found instanceof ApiError) return undefined
    forbidden = undefined
    return sight(before, found.lease, clock.elapsed())
  }

  const untilGone = async (signal: AbortSignal): Promise<void> => {
    let seen: Sighting | undefined
    while (!signal.aborted) {
      const now = await look(seen)
      if (now && isFree(now, clock)) break
      if (now) learn(seen, now)
      seen = now ?? seen
      await pause(clock, timing.retryMs * (1 + random() / 5), signal)
    }
    waitsFor = undefined
    forbidden = undefined
  }
  return { untilGone, note }
}

type Found = { readonly lease: Lease | undefined } | ApiError

function isFree(seen: Sighting, clock: Clock): boolean {
  return isLongOver(seen.lease, clock.now()) || mayTake(seen, '', clock.elapsed())
}

function lookedUp(deps: PredecessorDeps): Promise<Found | undefined> {
  const limitMs = deps.timing.renewDeadlineMs / 2
  return askWithin({ ...deps, limitMs, ask: client => leaseOrRefusal(client, deps.lease) })
}

/** A missing right does not pass by itself: it is an answer, too. */
async function leaseOrRefusal(client: Client, lease: ObjectKey): Promise<Found> {
  try {
    return { lease: await client.get(leases, lease) }
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'Forbidden') return error
    throw error
  }
}

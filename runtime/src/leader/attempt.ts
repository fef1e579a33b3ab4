// One look at the lease and, where that is allowed, one claim — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { isConflict, isNotFound } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { claimed, holderOf, type Lease, type LeaseTiming, leases, mayTake, type Sighting, sight } from './lease.ts'
import { askWithin, type LeaseConnection } from './lease-connection.ts'

/** Who competes for what. */
export interface Candidate {
  readonly connection: LeaseConnection
  readonly lease: ObjectKey
  /** Unique per process. */
  readonly identity: string
  readonly clock: Clock
  readonly log: Logger
  readonly timing: LeaseTiming
  /** Aborted when the lease is to be renewed no more. */
  readonly ended: AbortController
}

export interface Attempt {
  readonly seen: Sighting
  readonly held: boolean
  /** When it began: a renewal counts from before it was sent. */
  readonly startedAt: number
}

/** An attempt that is given up gives nothing and has ended: it claims nothing behind our back. */
export function attemptWithin(
  candidate: Candidate,
  before: Sighting | undefined,
  limitMs: number,
): Promise<Attempt | undefined> {
  return askWithin({ ...candidate, limitMs, ask: client => attempt({ ...candidate, client }, before) })
}

/** All of one attempt goes over one connection, and ends with it. */
interface Asking extends Candidate {
  readonly client: Client
}

async function attempt(asking: Asking, before: Sighting | undefined): Promise<Attempt> {
  const { client, clock, identity, lease: key } = asking
  const startedAt = clock.elapsed()
  const renewed = await renewUnread(asking, before?.lease)
  if (renewed) return { seen: sight(undefined, renewed, clock.elapsed()), held: true, startedAt }

  const live = await client.get(leases, key)
  const seen = sight(before, live, clock.elapsed())
  if (!mayTake(seen, identity, clock.elapsed())) return { seen, held: false, startedAt }
  const written = await claim(asking, live)
  return { seen: sight(seen, written, clock.elapsed()), held: true, startedAt }
}

/** A holder knows its lease: one request per renewal. A conflict says that it does not know it any more. */
async function renewUnread(asking: Asking, known: Lease | undefined): Promise<Lease | undefined> {
  if (!known || holderOf(known) !== asking.identity) return undefined
  try {
    return await claim(asking, known)
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return undefined
    throw error
  }
}

function claim({ client, clock, identity, lease: key, timing }: Asking, lease: Lease | undefined): Promise<Lease> {
  const desired = claimed(lease, { key, identity, now: clock.now(), leaseMs: timing.leaseMs })
  return lease ? client.replace(leases, desired) : client.create(leases, desired)
}

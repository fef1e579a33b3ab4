// Holding a lease until it is released or lost — shell
import { isConflict } from '../client/api-error.ts'
import { pause, within } from '../wait.ts'
import { type Attempt, attemptWithin, type Candidate } from './attempt.ts'
import { holderOf, type Lease, leases, released, type Sighting } from './lease.ts'

export interface Leadership {
  /** Resolves with the reason when the lease is lost: the work must stop at once. Never resolves after `release`. */
  readonly lost: Promise<string>
  /** Ends the renewals and lets a successor start at once. To be called when nothing works under the lease any more. */
  release(): Promise<void>
}

/** Renews from the attempt that won on. */
export function lead(candidate: Candidate, won: Attempt): Leadership {
  const { ended, lease, log } = candidate
  const holding = { seen: won.seen, renewedAt: won.startedAt }
  const lost = Promise.withResolvers<string>()
  log.info({ lease: lease.name }, 'Leading')

  const renewing = renewUntil(ended.signal, candidate, holding).then(reason => {
    if (reason !== undefined) lost.resolve(reason)
    return reason
  })

  return {
    lost: lost.promise,
    release: async () => {
      ended.abort()
      if ((await renewing) === undefined) await release(candidate, holding.seen.lease)
    },
  }
}

interface Holding {
  seen: Sighting
  renewedAt: number
}

/** The reason of the loss, or nothing after an abort. */
async function renewUntil(signal: AbortSignal, candidate: Candidate, holding: Holding): Promise<string | undefined> {
  const { clock, timing } = candidate
  const leftMs = (): number => holding.renewedAt + timing.renewDeadlineMs - clock.elapsed()
  let triedAt = holding.renewedAt
  while (true) {
    // From beginning to beginning: after an attempt that hung there is no time to lose.
    await pause(clock, Math.min(triedAt + timing.retryMs - clock.elapsed(), leftMs()), signal)
    if (signal.aborted) return undefined
    if (leftMs() <= 0) return `not renewed for ${timing.renewDeadlineMs / 1000} s`
    // Half the deadline at most: a connection that hangs must leave time for another attempt.
    triedAt = clock.elapsed()
    const attempt = await attemptWithin(candidate, holding.seen, Math.min(timing.renewDeadlineMs / 2, leftMs()))
    if (!attempt) continue
    holding.seen = attempt.seen
    if (!attempt.held) return `taken by ${holderOf(attempt.seen.lease)}`
    holding.renewedAt = attempt.startedAt
  }
}

/** A failure costs the successor the rest of the lease, nothing else. */
async function release(candidate: Candidate, known: Lease | undefined): Promise<void> {
  const { clock, lease, log, timing } = candidate
  const limitMs = timing.renewDeadlineMs / 2
  try {
    const done = await within(clock, limitMs, { promise: clearHolder(candidate, known), late: false })
    log.info({ lease: lease.name, done }, 'Lease released')
  } catch (error) {
    log.info({ error, lease: lease.name }, 'Lease not released')
  }
}

async function clearHolder(candidate: Candidate, known: Lease | undefined): Promise<boolean> {
  const { clock, connection, identity, lease: key } = candidate
  const client = connection.client()
  if (!known || holderOf(known) !== identity) return false
  try {
    await client.replace(leases, released(known, clock.now()))
    return true
  } catch (error) {
    if (!isConflict(error)) throw error
    // A renewal whose answer never came may have been done after all.
    const live = await client.get(leases, key)
    if (live?.metadata.resourceVersion === known.metadata.resourceVersion) throw error
    return clearHolder(candidate, live)
  }
}

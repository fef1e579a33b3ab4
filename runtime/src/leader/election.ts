// Leader election on a Lease — shell
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { ObjectKey } from '@k0smotron-ts/api'
import type { Client } from '../client/types.ts'
import { pause } from '../wait.ts'
import { attemptWithin, type Candidate } from './attempt.ts'
import { type Leadership, lead } from './leadership.ts'
import { holderOf, leaseTiming, type Sighting } from './lease.ts'
import { leaseConnection } from './lease-connection.ts'
import { createPredecessor } from './predecessor.ts'

export interface ElectionOptions
  extends Omit<Candidate, 'connection' | 'ended' | 'timing'>,
    Partial<Pick<Candidate, 'timing'>> {
  /** Opens a connection for the lease alone; it is closed when an attempt got no answer over it. */
  readonly connect: () => Client
  readonly random: () => number
  /** The Lease of a program that does our work without competing for ours: it is waited for first. */
  readonly predecessor?: ObjectKey | undefined
}

export interface Election {
  readonly lease: Candidate['lease']
  /** Waits for the lease. Gives nothing when the signal came first, and holds nothing then. */
  acquire(signal: AbortSignal): Promise<Leadership | undefined>
  /** Who is waited for before the lease, in a sentence for people. */
  note(): string | undefined
  /** Nothing is renewed or asked any more. A lease that was not released runs out by itself. */
  close(): Promise<void>
}

/** Unique per process, and says where it runs. */
export const candidateIdentity = (): string => `${hostname()}_${randomUUID()}`

/**
 * The protocol of Kubernetes' own components, so that k0smotron itself can be among the candidates: a lease is taken
 * when it has not been seen to change for as long as its holder claimed it. Guarantees one leader as long as clocks run
 * at about the same speed; what time they show does not matter.
 */
export function createElection({ connect, random, predecessor, ...options }: ElectionOptions): Election {
  const connection = leaseConnection(connect)
  const ended = new AbortController()
  const candidate: Candidate = { timing: leaseTiming, ...options, connection, ended }
  const { clock, lease, log, timing } = candidate
  if (!(timing.retryMs < timing.renewDeadlineMs && timing.renewDeadlineMs < timing.leaseMs)) {
    throw new RangeError('a lease needs retryMs < renewDeadlineMs < leaseMs')
  }
  const before = predecessor && createPredecessor({ connection, lease: predecessor, clock, random, log, timing })

  const acquire = async (signal: AbortSignal): Promise<Leadership | undefined> => {
    await before?.untilGone(signal)
    let seen: Sighting | undefined
    while (!signal.aborted) {
      const attempt = await attemptWithin(candidate, seen, timing.renewDeadlineMs / 2)
      if (attempt?.held) return unlessAborted(signal, lead(candidate, attempt))
      const holder = holderOf(attempt?.seen.lease)
      if (attempt && holder !== holderOf(seen?.lease)) log.info({ lease: lease.name, holder }, 'Waiting for the lease')
      seen = attempt?.seen ?? seen
      await pause(clock, timing.retryMs * (1 + random() / 5), signal)
    }
    return undefined
  }
  const close = (): Promise<void> => {
    ended.abort()
    return connection.close()
  }
  return { lease, acquire, note: () => before?.note(), close }
}

async function unlessAborted(signal: AbortSignal, leadership: Leadership): Promise<Leadership | undefined> {
  if (!signal.aborted) return leadership
  await leadership.release()
  return undefined
}

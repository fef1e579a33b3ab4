// The connection of the lease, apart from that of everything else — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { within } from '../wait.ts'

export interface LeaseConnection {
  /** Who to ask now. */
  client(): Client
  /** No answer came in time: ends what is under way, and whatever is asked next goes out over a new connection. */
  replace(): void
  close(): Promise<void>
}

/** A connection that is dead without a word must cost one attempt, not the lease. */
export function leaseConnection(connect: () => Client): LeaseConnection {
  let client = connect()
  return {
    client: () => client,
    replace: () => {
      client.close().catch(() => undefined) // nobody uses it any more
      client = connect()
    },
    close: () => client.close(),
  }
}

/** What is asked for a lease. */
export interface LeaseQuestion<T> {
  readonly connection: LeaseConnection
  readonly lease: ObjectKey
  readonly clock: Clock
  readonly log: Logger
  readonly limitMs: number
  readonly ask: (client: Client) => Promise<T>
}

/** Gives nothing when the answer did not come in time or was a failure: then nobody knows who holds the lease. */
export async function askWithin<T>(question: LeaseQuestion<T>): Promise<T | undefined> {
  const { ask, clock, connection, lease, limitMs, log } = question
  try {
    const answer = await within(clock, limitMs, { promise: ask(connection.client()), late: undefined })
    if (answer === undefined) connection.replace()
    return answer
  } catch (error) {
    log.debug({ error, lease: lease.name }, 'Lease attempt failed')
    return undefined
  }
}

// The connection of the lease, apart from that of everything else — shell
import type { Client } from '../client/types.ts'

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

// The product's own client, for tests of what it is used for — shell
import { type Client, fixedCredentials } from '@k0smotron-ts/runtime'
import { createClient, undiciTransport } from '@k0smotron-ts/runtime/shell'
import type { Connection } from './connection.ts'

/** Requests as this connection's identity; the user agent tells them apart in the audit log. */
export function clientOf({ server, ca, identity }: Connection, userAgent = 'test'): Client {
  return createClient(undiciTransport({ server, ca, credentials: fixedCredentials(identity ?? {}), userAgent }))
}

// The product's own client, for the environment itself and for tests of what it is used for — shell
import { type Client, fixedCredentials } from '@k0smotron-ts/runtime'
import { createClient, undiciTransport } from '@k0smotron-ts/runtime/shell'
import type { Connection } from './connection.ts'

/** Requests as this connection's identity; the user agent tells them apart in the audit log. */
export function clientOf({ server, ca, identity }: Connection, userAgent = 'test'): Client & AsyncDisposable {
  const credentials = fixedCredentials(identity ?? {})
  const client = createClient(undiciTransport({ server, ca, credentials, userAgent }))
  return { ...client, [Symbol.asyncDispose]: () => client.close() }
}

/** Whether a GET is answered with 200; a server that does not answer yet says no. */
export async function isAnswered(client: Client, path: string): Promise<boolean> {
  const answer = await client.probe(path, { timeoutMs: 10_000 }).catch(() => undefined)
  return answer?.status === 200
}

// One question to a hosted API server — shell
import type { Client } from '@k0smotron-ts/runtime'
import type { HostedAPI } from '../hosted/observed.ts'

/** Ways to reach one API server, in the order in which they are tried. */
export interface Ask {
  readonly clients: readonly Pick<Client, 'probe'>[]
  readonly close: () => void
}

const timeoutMs = 5_000

/** Never throws: not reaching the server is an answer. The version is asked for once. */
export async function probe({ clients }: Ask, before: HostedAPI | undefined): Promise<HostedAPI> {
  let message = 'there is no way to reach it'
  for (const client of clients) {
    const answer = await askOne(client)
    if (answer.ready) return { ...answer, ...(await version(client, before)) }
    message = answer.message
  }
  return { ready: false, message }
}

async function askOne(client: Pick<Client, 'probe'>): Promise<HostedAPI> {
  try {
    const { status } = await client.probe('/readyz', { timeoutMs })
    return status === 200
      ? { ready: true, message: '' }
      : { ready: false, message: `the API server answers /readyz with ${status}` }
  } catch (error) {
    return { ready: false, message: `the API server cannot be reached: ${wordsOf(error)}` }
  }
}

async function version(
  client: Pick<Client, 'probe'>,
  before: HostedAPI | undefined,
): Promise<Pick<HostedAPI, 'version'>> {
  if (before?.version !== undefined) return { version: before.version }
  try {
    const { status, body } = await client.probe('/version', { timeoutMs })
    const { gitVersion } = (status === 200 ? JSON.parse(body) : {}) as { gitVersion?: unknown }
    return typeof gitVersion === 'string' ? { version: gitVersion } : {}
  } catch {
    return {} // asked again with the next probe
  }
}

/** The innermost cause: outer layers only say that fetching failed. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? wordsOf(error.cause) : error.message
}

// The events of one watch — core
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError } from './api-error.ts'
import { refusalOf } from './exchange.ts'
import { lines } from './lines.ts'
import { errorOfTransport, errorOfWatch } from './status.ts'
import { readText, type Transport, type TransportRequest } from './transport.ts'
import type { WatchEvent } from './types.ts'

interface WatchAsked {
  readonly path: string
  readonly signal: AbortSignal
}

/**
 * Ends when the server ends it or the signal is aborted. An `ERROR` line, a line that is cut or no JSON and a broken
 * connection are thrown as ApiError: every event before was delivered, none after. Nothing is repeated here: whoever
 * keeps a watch going has a pace of its own.
 */
export async function* watchEvents<T extends KubeObject>(
  transport: Transport,
  asked: WatchAsked,
): AsyncGenerator<WatchEvent<T>, void> {
  const request: TransportRequest = {
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: 'unlimited',
    ...asked,
  }
  try {
    const { status, headers, body } = await transport.send(request)
    if (status !== 200) throw refusalOf(request, { status, headers, body: await readText(body) })
    for await (const line of lines(body)) yield parseEvent<T>(line, request)
  } catch (error) {
    if (asked.signal.aborted) return
    throw error instanceof ApiError ? error : errorOfTransport(error, request)
  }
}

function parseEvent<T>(line: string, request: TransportRequest): WatchEvent<T> {
  const event = parseLine<T>(line)
  if (event === undefined || event.type === 'ERROR') throw errorOfWatch(event?.object, request)
  return { type: event.type, object: event.object }
}

interface Line<T> {
  readonly type: WatchEvent<T>['type'] | 'ERROR'
  readonly object: T
}

function parseLine<T>(line: string): Line<T> | undefined {
  try {
    return JSON.parse(line) as Line<T>
  } catch {
    return undefined // a proxy's page: not quoted, and not skipped either
  }
}

// The events of one watch — core
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError } from './api-error.ts'
import { refusalOf, type TextAnswer } from './exchange.ts'
import { lines } from './lines.ts'
import { type Pacing, repeating } from './repeat.ts'
import { errorOfTransport, errorOfWatch } from './status.ts'
import { readText, type Transport, type TransportRequest, type TransportResponse } from './transport.ts'
import type { WatchEvent } from './types.ts'

interface WatchAsked {
  readonly path: string
  readonly signal: AbortSignal
}

/**
 * Ends when the server ends it or the signal is aborted. An `ERROR` line, a line that is cut or no JSON and a broken
 * connection are thrown as ApiError: every event before was delivered, none after.
 */
export async function* watchEvents<T extends KubeObject>(
  transport: Transport,
  pacing: Pacing,
  asked: WatchAsked,
): AsyncGenerator<WatchEvent<T>, void> {
  const request: TransportRequest = {
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: 'unlimited',
    ...asked,
  }
  try {
    const opened = await repeating(request, () => open(transport, request), pacing)
    if (opened.kind === 'refused') throw refusalOf(request, opened)
    for await (const line of lines(opened.stream)) yield parseEvent<T>(line, request)
  } catch (error) {
    if (asked.signal.aborted) return
    throw error instanceof ApiError ? error : errorOfTransport(error, request)
  }
}

type Opened = Pick<TransportResponse, 'status' | 'headers'> &
  ({ readonly kind: 'open'; readonly stream: TransportResponse['body'] } | ({ readonly kind: 'refused' } & TextAnswer))

async function open(transport: Transport, request: TransportRequest): Promise<Opened> {
  const { status, headers, body } = await transport.send(request)
  if (status === 200) return { kind: 'open', status, headers, stream: body }
  return { kind: 'refused', status, headers, body: await readText(body) }
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

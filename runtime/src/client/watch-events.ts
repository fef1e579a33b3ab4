// The events of one watch — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { ApiError } from './api-error.ts'
import { objectOf, readText } from './body/bodies.ts'
import type { Bounds } from './body/bounds.ts'
import { lines } from './body/lines.ts'
import { requireIdentity, requireMetadata } from './body/shape.ts'
import { refusalOf } from './exchange.ts'
import { errorOfTransport, errorOfWatch } from './status.ts'
import type { Transport, TransportRequest } from './transport/transport.ts'
import type { LeftOut, WatchEvent } from './types.ts'

interface WatchAsked {
  readonly path: string
  readonly signal: AbortSignal
  readonly leftOut?: ((what: LeftOut) => void) | undefined
  readonly bounds: Bounds
}

/**
 * Ends when the server ends it or the signal is aborted. An `ERROR` line, a line that is cut or no JSON and a broken
 * connection are thrown as ApiError: every event before was delivered, none after. Nothing is repeated here: whoever
 * keeps a watch going has a pace of its own.
 */
export async function* watchEvents<T extends KubeObject>(
  transport: Transport,
  { leftOut = () => undefined, bounds, ...asked }: WatchAsked,
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
    for await (const line of lines(body, bounds)) {
      const event = objectOf<Line<T> | null>(line, { leftOut }, bounds)
      if (event !== undefined) yield eventOf(event, request)
      await bounds.spent?.({ objects: 1 })
    }
  } catch (error) {
    if (asked.signal.aborted) return
    throw error instanceof ApiError ? error : errorOfTransport(error, request)
  }
}

function eventOf<T extends KubeObject>(line: Line<T> | null, request: TransportRequest): WatchEvent<T> {
  if (!line || !isEventType(line.type)) throw errorOfWatch(line?.object, request)
  const { type, object } = line
  return { type, object: type === 'BOOKMARK' ? requireMetadata(object) : requireIdentity(object) }
}

const eventTypes: readonly unknown[] = [
  'ADDED',
  'MODIFIED',
  'DELETED',
  'BOOKMARK',
] satisfies WatchEvent<never>['type'][]

function isEventType(type: unknown): type is WatchEvent<never>['type'] {
  return eventTypes.includes(type)
}

interface Line<T> {
  /** One of an event; else it is an error, or JSON that is neither. */
  readonly type?: unknown
  readonly object: T
}

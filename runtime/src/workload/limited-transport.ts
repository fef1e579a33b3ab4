// Limits towards an API server that is not trusted — shell
import { retryAfterMs } from '../client/repeat.ts'
import {
  type Transport,
  type TransportRequest,
  type TransportResponse,
  TransportTimeout,
} from '../client/transport/transport.ts'
import type { Clock } from '../clock.ts'

export interface BusyTransport extends Transport {
  /** Requests without an end yet; an open watch is one. */
  underWay(): number
}

/** Waits for nobody for longer than that; a watch may be quiet for as long as it likes. What comes is bounded by its reader. */
export function busyTransport(transport: Transport, silenceMs: number): BusyTransport {
  let underWay = 0

  async function* counted(body: TransportResponse['body']): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } finally {
      underWay -= 1
    }
  }

  const send = async (request: TransportRequest): Promise<TransportResponse> => {
    const { timeoutMs } = request
    const limited = timeoutMs === 'unlimited' ? timeoutMs : Math.min(timeoutMs, silenceMs)
    underWay += 1
    try {
      const response = await transport.send({ ...request, timeoutMs: limited })
      return { ...response, body: counted(response.body) }
    } catch (error) {
      underWay -= 1
      throw error
    }
  }
  return { host: transport.host, send, close: () => transport.close(), underWay: () => underWay }
}

export interface Budget {
  readonly clock: Clock
  readonly budgetMs: number
  /** Called with each request; what it returns is called when that has ended. */
  readonly onWait?: () => () => void
  /** Called when a request has ended, with what all of them took so far. */
  readonly onSpent?: (spentMs: number) => void
  /** Called with each answer whose body came, to its end or as far as anybody read it. */
  readonly onAnswer?: (answer: ServerAnswer) => void
}

export interface ServerAnswer {
  readonly status: number
  readonly retryAfterMs: number | undefined
}

/**
 * All requests of one pass together take no longer than the budget: who waits for one cluster holds up others. What the
 * pass does between them costs nothing.
 */
export function budgetedTransport(transport: Transport, budget: Budget): Transport {
  const { clock, budgetMs, onAnswer, onSpent, onWait } = budget
  let leftMs = budgetMs
  const overdue = (): TransportTimeout => new TransportTimeout('the time for this cluster is used up')

  const send = async (request: TransportRequest): Promise<TransportResponse> => {
    if (leftMs <= 0) throw overdue()
    const startedAt = clock.elapsed()
    const deadline = new AbortController()
    const cancel = clock.after(leftMs, () => deadline.abort(overdue()))
    const ended = onWait?.()
    const settle = (): void => {
      cancel()
      ended?.()
      leftMs -= clock.elapsed() - startedAt
      onSpent?.(budgetMs - leftMs)
    }
    const signal = request.signal ? AbortSignal.any([request.signal, deadline.signal]) : deadline.signal
    try {
      const response = await sentInTime(transport, { ...request, signal })
      const answer = { status: response.status, retryAfterMs: retryAfterMs(response.headers) }
      return { ...response, body: settledAtEnd(response.body, { settle, came: () => onAnswer?.(answer) }) }
    } catch (error) {
      settle()
      throw error
    }
  }
  return { host: transport.host, send, close: () => transport.close() }
}

/** Whoever opens a connection or looks a name up may not hear of the signal before that is done: nobody waits for it. */
async function sentInTime(
  transport: Transport,
  request: TransportRequest & { readonly signal: AbortSignal },
): Promise<TransportResponse> {
  const { signal } = request
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const sent = transport.send(request)
  try {
    return await Promise.race([sent, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    if (signal.aborted) void sent.then(breakOff).catch(() => undefined)
  }
}

/** An answer that comes too late is nobody's any more. */
async function breakOff({ body }: TransportResponse): Promise<void> {
  for await (const _chunk of body) return
}

interface AtEnd {
  readonly settle: () => void
  readonly came: () => void
}

async function* settledAtEnd(body: TransportResponse['body'], { settle, came }: AtEnd): AsyncGenerator<Uint8Array> {
  let hasBroken = false
  try {
    yield* body
  } catch (error) {
    hasBroken = true
    throw error
  } finally {
    settle()
    if (!hasBroken) came()
  }
}

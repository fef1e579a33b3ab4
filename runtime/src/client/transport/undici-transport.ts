// HTTP over undici — shell
import { type Dispatcher, errors } from 'undici'
import type { Clock } from '../../clock.ts'
import { limits } from '../../limits.ts'
import { systemClock } from '../../system-clock.ts'
import { KubeconfigError } from '../kubeconfig/kubeconfig.ts'
import { type Agents, agentPool } from './agents.ts'
import { type ConnectionConfig, type Credentials, CredentialsError, type Identity } from './connection.ts'
import type { Trust } from './dial.ts'
import type { Environment } from './proxy.ts'
import { type Transport, type TransportRequest, type TransportResponse, TransportTimeout } from './transport.ts'

/** One answer, or that there was none: what a metric counts. */
export interface Answer {
  readonly method: string
  /** The HTTP status, or `<error>`. */
  readonly code: string
  readonly host: string
}

export interface TransportOptions extends Trust {
  readonly onAnswer?: (answer: Answer) => void
  readonly clock?: Clock
  /** Where the addresses of proxies are looked for. */
  readonly env?: Environment
}

/** HTTP/2 where the server has it, unless the options say otherwise. A 401 asks the credentials' source again and repeats once: the server did nothing. */
export function undiciTransport(
  connection: ConnectionConfig,
  { onAnswer, clock = systemClock, env = process.env, ...options }: TransportOptions = {},
): Transport {
  const pool = agentPool(connection, { clock, env, ...options })
  const { credentials, userAgent } = connection
  const url = new URL(connection.server)

  async function sendAs(identity: Identity, request: TransportRequest): Promise<TransportResponse> {
    const { token } = identity
    const headers = {
      ...request.headers,
      'user-agent': userAgent,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    }
    const path = `${url.pathname.replace(/\/$/, '')}${request.path}`
    const count = (code: string): void => onAnswer?.({ method: request.method, code, host: url.host })
    try {
      const agents = pool.for(identity)
      const onSilence = (): void => pool.giveUp(agents, request.timeoutMs === 'unlimited')
      const response = await exchange(agents, { origin: url.origin, ...request, headers, path, onSilence })
      count(String(response.status))
      return response
    } catch (error) {
      count('<error>')
      throw error
    }
  }

  return {
    host: url.host,
    async send(request) {
      const identity = await present(credentials)
      const response = await sendAs(identity, request)
      if (response.status !== 401 || !credentials.refused) return response
      credentials.refused(identity)
      await drain(response.body)
      return sendAs(await present(credentials), request)
    },
    close: () => pool.close(),
  }
}

async function present(credentials: Credentials): Promise<Identity> {
  try {
    return await credentials.present()
  } catch (cause) {
    throw new CredentialsError(cause instanceof KubeconfigError ? cause.message : 'they cannot be read', { cause })
  }
}

interface Outgoing extends TransportRequest {
  readonly origin: string
  /** The connection that it went out on may be dead. */
  readonly onSilence: () => void
}

function exchange(agents: Agents, request: Outgoing): Promise<TransportResponse> {
  return request.timeoutMs === 'unlimited'
    ? unlimited(agents.watches, request)
    : limited(agents.requests, request, request.timeoutMs)
}

function unlimited(agent: Dispatcher, request: Outgoing): Promise<TransportResponse> {
  const own = new AbortController()
  const signal = request.signal ? AbortSignal.any([request.signal, own.signal]) : own.signal
  return dispatch(agent, request, { signal, settle: () => watchEnded(request), giveUp: why => own.abort(why) })
}

/** Who reads a watch breaks it off when it was silent for too long, and says so. */
function watchEnded({ signal, onSilence }: Outgoing): void {
  if (signal?.reason instanceof TransportTimeout) onSilence()
}

/**
 * Silence ends the request through undici's own timeouts, and its connection is not asked again; a timer of ours ends one
 * that trickles on for twice as long.
 */
function limited(agent: Dispatcher, request: Outgoing, timeoutMs: number): Promise<TransportResponse> {
  const deadline = new AbortController()
  const onAbort = (): void => deadline.abort(request.signal?.reason)
  const timer = setTimeout(() => deadline.abort(new TransportTimeout('no end in time')), 2 * timeoutMs)
  const settle = (): void => {
    clearTimeout(timer)
    request.signal?.removeEventListener('abort', onAbort)
  }
  request.signal?.addEventListener('abort', onAbort)
  if (request.signal?.aborted) onAbort()
  const { signal } = deadline
  const giveUp = (why: Error): void => deadline.abort(why)
  return dispatch(agent, request, { signal, settle, giveUp, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
}

interface Limits extends Pick<Dispatcher.RequestOptions, 'headersTimeout' | 'bodyTimeout'> {
  readonly signal: AbortSignal
  /** Called when the request has come to its end, whichever that was. */
  readonly settle: () => void
  /** Aborts the signal. */
  readonly giveUp: (why: Error) => void
}

async function dispatch(
  agent: Dispatcher,
  request: Outgoing,
  { settle, giveUp, ...within }: Limits,
): Promise<TransportResponse> {
  let hints = 0
  const onInfo = (): void => {
    hints += 1
    if (hints > limits.hints.value) giveUp(new TransportTimeout('hints, and no answer'))
  }
  const { method, origin, path, headers, body, onSilence } = request
  try {
    const response = await agent.request({ origin, path, method, headers, body: body ?? null, onInfo, ...within })
    const { statusCode: status, headers: received } = response
    return { status, headers: flat(received), body: chunks(response.body, { onSilence, settle }) }
  } catch (error) {
    settle()
    throw ours(error, onSilence)
  }
}

async function* chunks(
  body: AsyncIterable<Uint8Array>,
  { onSilence, settle }: Pick<Outgoing, 'onSilence'> & Pick<Limits, 'settle'>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw ours(error, onSilence)
  } finally {
    settle()
  }
}

const timeouts = [errors.HeadersTimeoutError, errors.BodyTimeoutError, errors.ConnectTimeoutError]

function ours(error: unknown, onSilence: () => void): unknown {
  if (!timeouts.some(type => error instanceof type)) return error
  onSilence()
  return new TransportTimeout('silence for too long', { cause: error })
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of body); // the connection is free again only then
}

// Which requests are sent again, and when — shell
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { pause } from '../wait.ts'
import { AnswerError } from './body/json.ts'
import { CredentialsError } from './transport/connection.ts'
import { type TransportRequest, type TransportResponse, TransportTimeout } from './transport/transport.ts'

export interface Pacing {
  readonly clock: Clock
  /** 0 ≤ n < 1. */
  readonly random: () => number
}

const maxRepeats = 3

/** Longer than this the caller's queue waits, not the caller. */
const maxWaitMs = limits.repeatMilliseconds.value

/**
 * Sends again what is safe to send again: after 429 with Retry-After, because the server did nothing; and a GET once
 * when the connection broke. A write whose fate is unknown is never repeated.
 */
export async function repeating<A extends Pick<TransportResponse, 'status' | 'headers'>>(
  request: TransportRequest,
  attempt: () => Promise<A>,
  pacing: Pacing,
): Promise<A> {
  const once = request.method === 'GET' ? () => againIfBroken(request, attempt) : attempt
  for (let repeats = 0; ; repeats++) {
    const answer = await once()
    const waitMs = answer.status === 429 ? retryAfterMs(answer.headers) : undefined
    if (waitMs === undefined || waitMs > maxWaitMs || repeats === maxRepeats) return answer
    // Up to a quarter more, so that those who were refused together do not come back together.
    await pause(pacing.clock, waitMs * (1 + pacing.random() / 4), request.signal)
    request.signal?.throwIfAborted()
  }
}

async function againIfBroken<A>(request: TransportRequest, attempt: () => Promise<A>): Promise<A> {
  try {
    return await attempt()
  } catch (error) {
    const isFinal = [TransportTimeout, CredentialsError, AnswerError].some(type => error instanceof type)
    if (request.signal?.aborted || isFinal) throw error
    return attempt()
  }
}

/** Kubernetes sends seconds, never a date. */
export function retryAfterMs(headers: TransportResponse['headers']): number | undefined {
  const seconds = headers['retry-after']
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

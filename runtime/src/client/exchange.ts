// One request, its answer read to the end, and what that means — core
import type { ApiError } from './api-error.ts'
import { type Pacing, repeating, retryAfterMs } from './repeat.ts'
import { errorOfRefusal, errorOfTransport } from './status.ts'
import { readText, type Transport, type TransportRequest, type TransportResponse } from './transport.ts'

export interface Exchange extends Pick<TransportRequest, 'method' | 'path' | 'timeoutMs'> {
  readonly contentType?: string
  readonly body?: string
  readonly signal?: AbortSignal
}

/** An answer whose body has been read. */
export interface TextAnswer extends Pick<TransportResponse, 'status' | 'headers'> {
  readonly body: string
}

export interface Exchanger {
  /** The JSON of a success; everything else is a thrown ApiError. */
  <T>(asked: Exchange): Promise<T>
  /** Any status is an answer, and nothing is sent twice. */
  raw(asked: Exchange): Promise<TextAnswer>
}

export function exchanger(transport: Transport, pacing: Pacing): Exchanger {
  async function exchange<T>(asked: Exchange): Promise<T> {
    const request = requestOf(asked)
    const answer = await orApiError(request, () => repeating(request, () => answerTo(transport, request), pacing))
    if (answer.status >= 300) throw refusalOf(request, answer)
    try {
      return JSON.parse(answer.body) as T
    } catch {
      throw refusalOf(request, answer) // a success that is not JSON came from something else
    }
  }
  const raw = (asked: Exchange): Promise<TextAnswer> => {
    const request = requestOf(asked)
    return orApiError(request, () => answerTo(transport, request))
  }
  return Object.assign(exchange, { raw })
}

export function refusalOf({ method, path }: TransportRequest, { status, headers, body }: TextAnswer): ApiError {
  const after = retryAfterMs(headers)
  return errorOfRefusal({ method, path, code: status, body, ...(after === undefined ? {} : { retryAfterMs: after }) })
}

/** What the transport throws becomes an ApiError; a caller's own abort stays what it is. */
export async function orApiError<T>(request: TransportRequest, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer()
  } catch (error) {
    if (request.signal?.aborted) throw error
    throw errorOfTransport(error, request)
  }
}

async function answerTo(transport: Transport, request: TransportRequest): Promise<TextAnswer> {
  const { status, headers, body } = await transport.send(request)
  return { status, headers, body: await readText(body) }
}

function requestOf({ contentType, ...asked }: Exchange): TransportRequest {
  const headers = { accept: 'application/json', ...(contentType ? { 'content-type': contentType } : {}) }
  return { ...asked, headers }
}

// One request, its answer read to the end, and what that means — shell
import type { ApiError } from './api-error.ts'
import { readObject, readText } from './body/bodies.ts'
import type { Bounds } from './body/bounds.ts'
import { type Pacing, repeating, retryAfterMs } from './repeat.ts'
import { errorOfRefusal, errorOfTransport } from './status.ts'
import type { Transport, TransportRequest, TransportResponse } from './transport/transport.ts'

export interface Exchange extends Pick<TransportRequest, 'method' | 'path' | 'timeoutMs'> {
  readonly contentType?: string
  readonly body?: string
  readonly signal?: AbortSignal
}

interface ReadAnswer<T> extends Pick<TransportResponse, 'status' | 'headers'> {
  readonly read: T
}

/** An answer whose body has been read. */
export interface TextAnswer extends Pick<TransportResponse, 'status' | 'headers'> {
  readonly body: string
}

export interface Exchanger {
  /** The JSON of a success; everything else is a thrown ApiError. */
  <T>(asked: Exchange): Promise<T>
  /** What `read` makes of the body of a success; after a broken connection it is asked again, from the beginning. */
  read<T>(asked: Exchange, read: (body: TransportResponse['body']) => Promise<T>): Promise<T>
  /** Any status is an answer, and nothing is sent twice. */
  raw(asked: Exchange): Promise<TextAnswer>
}

export function exchanger(transport: Transport, pacing: Pacing | 'no repeats', bounds: Bounds): Exchanger {
  const read = async <T>(asked: Exchange, readBody: (body: TransportResponse['body']) => Promise<T>): Promise<T> => {
    const request = requestOf(asked)
    const attempt = async (): Promise<TextAnswer | ReadAnswer<T>> => {
      const { body, ...answer } = await transport.send(request)
      return answer.status < 300 ? { ...answer, read: await readBody(body) } : { ...answer, body: await readText(body) }
    }
    const answer = await orApiError(request, () =>
      pacing === 'no repeats' ? attempt() : repeating(request, attempt, pacing),
    )
    if ('read' in answer) return answer.read
    throw refusalOf(request, answer)
  }
  const raw = (asked: Exchange): Promise<TextAnswer> => {
    const request = requestOf(asked)
    return orApiError(request, async () => {
      const { body, ...answer } = await transport.send(request)
      return { ...answer, body: await readText(body) }
    })
  }
  return Object.assign(<T>(asked: Exchange) => read<T>(asked, body => readObject<T>(body, bounds)), { read, raw })
}

export function refusalOf(
  { method, path }: Pick<TransportRequest, 'method' | 'path'>,
  { status, headers, body }: TextAnswer,
): ApiError {
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

function requestOf({ contentType, ...asked }: Exchange): TransportRequest {
  const headers = { accept: 'application/json', ...(contentType ? { 'content-type': contentType } : {}) }
  return { ...asked, headers }
}

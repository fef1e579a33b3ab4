// A Kubernetes Status (or whatever else came back) as an ApiError — core
import { parseJsonText } from '@k0smotron-ts/api'
import { ApiError, type ApiErrorReason } from './api-error.ts'
import { AnswerError } from './body/json.ts'
import { type Status, statusOf } from './status-fields.ts'
import { CredentialsError } from './transport/connection.ts'
import { failureWords } from './transport/failure-words.ts'
import { TransportTimeout } from './transport/transport.ts'
import { wordingOf } from './wording.ts'

/** What was asked and what came back. */
export interface Refusal {
  readonly method: string
  readonly path: string
  readonly code: number
  readonly body: string
  readonly retryAfterMs?: number
}

const byStatusReason: ReadonlyMap<string, ApiErrorReason> = new Map([
  ['NotFound', 'NotFound'],
  ['Conflict', 'Conflict'],
  ['AlreadyExists', 'AlreadyExists'],
  ['Invalid', 'Invalid'],
  ['BadRequest', 'BadRequest'],
  ['Unauthorized', 'Unauthorized'],
  ['Forbidden', 'Forbidden'],
  ['Gone', 'Gone'],
  ['Expired', 'Gone'],
  ['TooManyRequests', 'TooManyRequests'],
  ['InternalError', 'Internal'],
  ['ServiceUnavailable', 'Unavailable'],
  ['ServerTimeout', 'Timeout'],
  ['Timeout', 'Timeout'],
])

const byCode: Readonly<Record<number, ApiErrorReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotServed', // without a Status: the path itself is unknown
  408: 'Timeout',
  409: 'Conflict',
  410: 'Gone',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'Internal',
  502: 'Unavailable',
  503: 'Unavailable',
  504: 'Timeout',
}

/** An answer that is not a success. A body that is no Status (a proxy's page) is never quoted. */
export function errorOfRefusal(refusal: Refusal): ApiError {
  const status = parseStatus(refusal.body)
  if (status) return errorOfStatus(status, refusal)
  return new ApiError({
    reason: byCode[refusal.code] ?? 'Unknown',
    message:
      refusal.code === 404
        ? 'the server does not serve this kind'
        : `the server answered ${refusal.code} without a reason`,
    request: requestOf(refusal),
    code: refusal.code,
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
  })
}

/** The object of an `ERROR` line of a watch, or of a line that is none. */
export function errorOfWatch(object: unknown, asked: Pick<Refusal, 'method' | 'path'>): ApiError {
  const status = statusOf(object) ?? { message: 'the watch sent what is no event' }
  return errorOfStatus(status, { ...asked, code: status.code ?? 0 })
}

/** No answer, or half of one. */
export function errorOfTransport(error: unknown, asked: Pick<Refusal, 'method' | 'path'>): ApiError {
  const request = requestOf(asked)
  if (error instanceof CredentialsError) {
    const message = `there are no credentials for the API server: ${error.message}${why(error)}`
    return new ApiError({ reason: 'NoCredentials', message, request, cause: error })
  }
  if (error instanceof AnswerError) return errorOfAnswer(error, request)
  return error instanceof TransportTimeout
    ? new ApiError({ reason: 'Timeout', message: 'the API server did not answer in time', request, cause: error })
    : new ApiError({
        reason: 'Unavailable',
        message: `the API server cannot be reached${why(error)}`,
        request,
        cause: error,
      })
}

function errorOfAnswer({ problem, message }: AnswerError, request: string): ApiError {
  return problem === 'large'
    ? new ApiError({ reason: 'TooLarge', message: `the answer is more than is taken: ${message}`, request })
    : new ApiError({ reason: 'Unknown', message: 'the answer did not come from an API server', request })
}

function errorOfStatus(status: Status, asked: Omit<Refusal, 'body'>): ApiError {
  const reason = reasonOf(status, asked.code)
  const { message, causes } = wordingOf(reason, asked.path, {
    message: status.message ?? reason,
    causes: status.details?.causes ?? [],
  })
  const seconds = status.details?.retryAfterSeconds
  const retryAfterMs = asked.retryAfterMs ?? (seconds === undefined ? undefined : seconds * 1000)
  return new ApiError({
    reason,
    message,
    request: requestOf(asked),
    code: asked.code,
    causes,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** An object that is missing is named; where nothing is named, the kind is missing in a group that is there. */
function reasonOf({ reason = '', code, details }: Status, httpCode: number): ApiErrorReason {
  if (reason === 'NotFound' && details && !details.name) return 'NotServed'
  return byStatusReason.get(reason) ?? byCode[code ?? httpCode] ?? 'Unknown'
}

const requestOf = ({ method, path }: Pick<Refusal, 'method' | 'path'>): string => `${method} ${path.split('?')[0]}`

function parseStatus(body: string): Status | undefined {
  try {
    return statusOf(parseJsonText(body))
  } catch {
    return undefined // not JSON: the caller says so without quoting it
  }
}

/** `: connection refused`, where it is known. */
function why(error: unknown): string {
  const words = failureWords(error)
  return words === undefined ? '' : `: ${words}`
}

// What an API server refuses, and why, as one closed set — core

export type ApiErrorReason =
  | 'NotFound' // the object is not there
  | 'NotServed' // the kind is not there: its CRD is missing
  | 'Conflict'
  | 'AlreadyExists'
  | 'Invalid'
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'Gone' // the resourceVersion or the continue token is too old (Kubernetes: Expired)
  | 'TooManyRequests'
  | 'Internal'
  | 'Unavailable' // no answer, or not from an API server; a write may have been done
  | 'Timeout' // likewise
  | 'NoCredentials' // nothing was sent: our own credentials could not be had
  | 'TooLarge' // more came than is taken (docs/limits.md)
  | 'Unknown'

/** `details.causes[]` of a Kubernetes Status. */
export interface StatusCause {
  readonly reason?: string
  readonly message?: string
  readonly field?: string
}

export interface ApiErrorFields {
  readonly reason: ApiErrorReason
  readonly message: string
  /** Method and path, without the query. */
  readonly request: string
  /** HTTP status; 0 when there was no answer. */
  readonly code?: number
  readonly causes?: readonly StatusCause[]
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
  readonly lasts?: boolean
}

/**
 * Every failure of a request. The message is fit for a condition: the same failure gives the same text,
 * and nothing of a Secret's content is in it.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly reason: ApiErrorReason
  readonly request: string
  readonly code: number
  readonly causes: readonly StatusCause[]
  readonly retryAfterMs: number | undefined
  /** Requests have failed for so long that it does not seem to pass by itself. */
  readonly lasts: boolean

  constructor({ reason, message, request, code = 0, causes = [], retryAfterMs, cause, lasts = false }: ApiErrorFields) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.request = request
    this.code = code
    this.causes = causes
    this.retryAfterMs = retryAfterMs
    this.lasts = lasts
  }
}

/** The same failure, of which it is known that it lasts. */
export function lasting({ reason, message, request, code, causes, retryAfterMs, cause }: ApiError): ApiError {
  return new ApiError({ reason, message, request, code, causes, retryAfterMs, cause, lasts: true })
}

const is =
  (reason: ApiErrorReason) =>
  (error: unknown): error is ApiError =>
    error instanceof ApiError && error.reason === reason

type Predicate = (error: unknown) => error is ApiError

export const isNotFound: Predicate = is('NotFound')
export const isConflict: Predicate = is('Conflict')
export const isAlreadyExists: Predicate = is('AlreadyExists')
export const isInvalid: Predicate = is('Invalid')
export const isForbidden: Predicate = is('Forbidden')
export const isGone: Predicate = is('Gone')

export type UnreadableReason = 'Forbidden' | 'NotServed' | 'NotConverted'

/** Why a failed list or watch says that the kind cannot be read; `undefined`: it says something else. */
export function whyUnreadable(error: unknown): UnreadableReason | undefined {
  if (!(error instanceof ApiError)) return undefined
  if (error.reason === 'Internal' && error.message.includes('conversion webhook for')) return 'NotConverted'
  return error.reason === 'NotServed' || error.reason === 'Forbidden' ? error.reason : undefined
}

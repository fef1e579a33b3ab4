// What failed requests are called in a condition: the same words each time, whatever the server says — core
import { failureReason } from '@k0smotron-ts/api'
import { ApiError, type ApiErrorReason } from '../client/api-error.ts'
import type { Applied, Failure } from '../contract/types.ts'

/** What stays so until someone acts. All else mostly passes by itself: until it has lasted, it is for the log. */
const lasting: readonly ApiErrorReason[] = ['Forbidden', 'Invalid', 'BadRequest', 'Unknown']

export interface Refusal {
  /** The kind of refusal and of object: a server can put a time or a request's id into its own words. */
  readonly message: string
  /** The server's own words, for an Event. */
  readonly words: string
}

/** `undefined`: nothing was refused for good. `remedy` says what people can do about a refusal of that server. */
export function refusalIn(applied: readonly Applied[], remedy: string): Refusal | undefined {
  const refused = applied.flatMap(({ object, error }) => (isRefusal(error) ? [{ object, error }] : []))
  if (refused.length === 0) return undefined
  const kinds = refused.map(({ object, error }) => `${object.kind} (${error.reason})`)
  return {
    message: `refused: ${listed(kinds)}; ${remedy}; an Event has the server's answer`,
    words: wordsOf(refused.map(({ error }) => error)),
  }
}

/** Whether the API server's words are those about a ResourceQuota. */
export function isOfQuota(words: string): boolean {
  return words.includes('exceeded quota')
}

/** What to do about a refusal of the management cluster; a quota is the cause that people meet most. */
export function remedyIn(applied: readonly Applied[]): string {
  return applied.some(({ error }) => error instanceof ApiError && isOfQuota(error.message))
    ? 'a ResourceQuota of the namespace is exceeded: raise it'
    : 'mend rights, quota or admission policy of the management cluster'
}

/** Of requests that failed without being refused, for so long that someone should know. */
export function lastingFailureIn(applied: readonly Applied[]): Required<Failure> | undefined {
  const failed = applied.flatMap(({ object, error }) => (isLasting(error) ? [{ object, error }] : []))
  if (failed.length === 0) return undefined
  return lastingFailure(
    failed.map(({ object }) => object.kind),
    failed.map(({ error }) => error),
  )
}

/** Of a pass that threw. `undefined`: of what passes by itself, as long as it has not lasted. */
export function failureOf(error: unknown, isFailingLong: boolean): Failure | undefined {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
  const answers = errors.filter(one => one instanceof ApiError)
  if (answers.length < errors.length) return internalError
  const refused = answers.filter(isRefusal)
  if (refused.length > 0) return refusedRequests(refused)
  if (!isFailingLong) return undefined
  return lastingFailure(
    answers.map(({ request }) => request),
    answers,
  )
}

const internalError: Failure = {
  reason: failureReason.internalError,
  message: "this provider failed at the object, and tries again; the manager's log has the cause",
}

function refusedRequests(refused: readonly ApiError[]): Failure {
  const requests = refused.map(({ request, reason }) => `${request} (${reason})`)
  return {
    reason: failureReason.requestsFailing,
    message: `refused, and tried again: ${listed(requests)}; mend rights or admission policy; an Event has the server's answer`,
    words: wordsOf(refused),
  }
}

function lastingFailure(what: readonly string[], errors: readonly ApiError[]): Required<Failure> {
  return {
    reason: failureReason.requestsFailing,
    message: `failing for more than a minute, and tried again: ${listed(what)}; does an admission webhook fail, or the API server? an Event has its answer`,
    words: wordsOf(errors),
  }
}

function isRefusal(error: unknown): error is ApiError {
  return error instanceof ApiError && lasting.includes(error.reason)
}

function isLasting(error: unknown): error is ApiError {
  return error instanceof ApiError && error.lasts && !isRefusal(error)
}

const listed = (texts: readonly string[]): string => [...new Set(texts)].sort().join(', ')
const wordsOf = (errors: readonly Error[]): string => [...new Set(errors.map(({ message }) => message))].join('; ')

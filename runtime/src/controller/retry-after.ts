// How long a server wants not to be asked again — core
import { ApiError } from '../client/api-error.ts'

const deepest = 4

/** The longest that any part of a failure asks for; `undefined`: none does. */
export function retryAfterOf(error: unknown, depth = 0): number | undefined {
  if (!(error instanceof Error) || depth > deepest) return undefined
  const own = error instanceof ApiError ? error.retryAfterMs : undefined
  const parts = error instanceof AggregateError ? error.errors : []
  const times = [own, ...[...parts, error.cause].map(part => retryAfterOf(part, depth + 1))]
  return times.reduce((max, time) => (time === undefined || (max ?? -1) > time ? max : time), undefined)
}

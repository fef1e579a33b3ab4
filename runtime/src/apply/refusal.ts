// What a refusal is called in a condition: the same words each time, whatever the server says — core
import { ApiError, type ApiErrorReason } from '../client/api-error.ts'
import type { Applied } from '../contract/types.ts'

/** What stays so until someone acts. All else passes by itself, and is for the log. */
const lasting: readonly ApiErrorReason[] = ['Forbidden', 'Invalid', 'BadRequest', 'Unknown']

export interface Refusal {
  /** The kind of refusal and of object: a server can put a time or a request's id into its own words. */
  readonly message: string
  /** The server's own words, for an Event. */
  readonly words: string
}

/** `undefined`: nothing was refused for good. `remedy` says what people can do about a refusal of that server. */
export function refusalIn(applied: readonly Applied[], remedy: string): Refusal | undefined {
  const refused = applied.filter(({ error }) => error instanceof ApiError && lasting.includes(error.reason))
  if (refused.length === 0) return undefined
  const kinds = refused.map(({ object, error }) => `${object.kind} (${(error as ApiError).reason})`)
  const words = refused.map(({ error }) => error?.message ?? '')
  return {
    message: `refused: ${[...new Set(kinds)].sort().join(', ')}; ${remedy}; an Event has the server's answer`,
    words: [...new Set(words)].join('; '),
  }
}

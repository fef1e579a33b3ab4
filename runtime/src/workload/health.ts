// Whether a hosted API server answers, and when to ask again — core
import { ApiError } from '../client/api-error.ts'

export type Health =
  /** Not asked yet, or the first answer is still to come. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reachable' }
  /** `message` is fit for a condition; asking again makes sense after `retryInMs`. */
  | { readonly kind: 'unreachable'; readonly message: string; readonly retryInMs: number }

/** One answer to `GET /readyz`; `undefined`: it is ready. */
export function faultOfStatus(status: number): string | undefined {
  if (status === 200) return undefined
  if (status === 401 || status === 403) return `the API server refuses the credential of the kubeconfig (${status})`
  return `the API server answers /readyz with ${status}`
}

/** What a failed request says about the server; `undefined`: it answered, only not as hoped. */
export function faultOfError(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined
  if (error.reason === 'Unauthorized') return faultOfStatus(401)
  return error.reason === 'Unavailable' || error.reason === 'Timeout' ? error.message : undefined
}

const shortestMs = 1_000
const longestMs = 30_000

/** A second, then twice as long each time, up to half a minute; spread by a fifth, so that a thousand clusters do not come together. */
export function pauseAfter(failures: number, random: number): number {
  return Math.min(longestMs, shortestMs * 2 ** (failures - 1)) * (0.8 + 0.4 * random)
}

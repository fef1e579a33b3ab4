// What the API server of a workload cluster was found to say, in words fit for a condition — core
import { ApiError } from '../client/api-error.ts'

/** The same finding has the same words, so that only news wakes anybody. */
export interface WorkloadAnswer {
  /** It answers `/readyz` with 200. */
  readonly ready: boolean
  /** Why not, as a sentence; empty when ready. */
  readonly message: string
  /** `gitVersion` of `/version`, once known. */
  readonly version?: string
  /** Absent while the endpoint was not asked. */
  readonly endpoint?: EndpointFinding
}

/**
 * What is at the server that the kubeconfig names, which is what workers and users are told: this API server; a TLS
 * server whose certificate is not of the cluster's authority; or nobody who can be taken for an API server from here.
 */
export type EndpointFinding = 'same' | 'foreign' | 'silent'

/** One address that was asked, and the object that it comes from. */
export interface Place {
  /** `https://host:port`. */
  readonly server: string
  /** Such as `Secret c-kubeconfig`. */
  readonly from: string
}

/**
 * Refused, unreachable, unresolved, another's certificate, an address that we do not ask: all in the same words. Tenants
 * choose the address, and shall not learn from us what is in our network.
 */
export function silentMessage(places: readonly Place[]): string {
  return `nobody at ${places.map(inWords).join(' or ')} answers as the API server of this cluster`
}

/** One answer to `GET /readyz` other than 200. */
export function statusMessage(place: Place, status: number): string {
  return status === 401 || status === 403
    ? `the API server at ${inWords(place)} refuses the credential of the kubeconfig (${status})`
    : `the API server at ${inWords(place)} answers /readyz with ${status}`
}

/** Work is answered with 429 or 5xx. */
export function outageMessage(place: Place, status: number): string {
  return status === 429
    ? `the API server at ${inWords(place)} takes no requests for now (429)`
    : `the API server at ${inWords(place)} fails requests (${status})`
}

/** What a failed request says about a server that is ready; `undefined`: it answered, only not as hoped. */
export function failureMessage(place: Place, error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined
  if (error.reason === 'Unauthorized') return statusMessage(place, 401)
  if (error.code !== 0) return undefined
  if (error.reason === 'Timeout') return `the API server at ${inWords(place)} does not answer requests in time`
  return error.reason === 'Unavailable' ? silentMessage([place]) : undefined
}

/** A host name may be as long as someone likes; a message may not. */
const maxHostLength = 255

function inWords({ server, from }: Place): string {
  return `${new URL(server).host.slice(0, maxHostLength)} (${from})`
}

// Whether the endpoint that clients and workers are told leads to this control plane — core
import { controlPlaneCondition, hostPort } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Endpoint, Memory } from '../input.ts'
import type { Observed } from '../observed.ts'
import { isPublishedByUs, isSame, isTakenBack, wasAvailable } from './exposure.ts'

const { endpointReason } = controlPlaneCondition

/** What is known against it; the first is the gravest. */
export function endpointDoubt(observed: Observed): Wait | undefined {
  return stale(observed) ?? gone(observed) ?? foreign(observed) ?? disagreement(observed) ?? unproven(observed)
}

/** We published it, it is in use, and the Service is not there any more. */
function stale(observed: Observed): Wait | undefined {
  const { candidate, committed, service } = observed.exposure
  if (!committed || !isPublishedByUs(observed, committed) || leadsHere(observed, committed)) return undefined
  if (!candidate && !service) return undefined // it is being made, and asks for the address that it had
  const before = hostPort(committed)
  const now = candidate ? `the control plane is exposed at ${hostPort(candidate)}` : `${whereNow(observed)} now`
  return {
    reason: endpointReason.stale,
    message: `workers were told ${before}, but ${now}; make ${before} lead here again, or replace the workers after setting ${observed.endpoints.field}`,
  }
}

/** It was written down by others, is in use, and was taken back: ours may be another one. */
function gone(observed: Observed): Wait | undefined {
  const { candidate } = observed.exposure
  if (!isTakenBack(observed, candidate)) return undefined
  const { objects } = observed.endpoints
  const here = candidate ? ` the control plane is exposed at ${hostPort(candidate)};` : ''
  return {
    reason: endpointReason.stale,
    message: `${objects?.cluster ?? 'the Cluster'} has no endpoint any more, and workers were told the one that it had;${here} write it back, or set ${observed.endpoints.field}`,
  }
}

/** Someone else has the address. */
function foreign({ exposure: { endpoint }, memory, workloadAPI }: Observed): Wait | undefined {
  if (!endpoint) return undefined
  const wait = {
    reason: endpointReason.mismatch,
    message: `who answers at ${hostPort(endpoint)} has no certificate of this cluster: the address leads elsewhere`,
  }
  return (workloadAPI ? workloadAPI.endpoint === 'foreign' : wasSaid(memory, wait)) ? wait : undefined
}

/** Workers of a Cluster are told what the Cluster says, and core never corrects that. */
function disagreement(observed: Observed): Wait | undefined {
  const { endpoint } = observed.exposure
  const { cluster, infrastructure, objects } = observed.endpoints
  const other = cluster ?? infrastructure
  if (!endpoint || !other || isSame(endpoint, other) || leadsHere(observed, other)) return undefined
  const who = (cluster ? objects?.cluster : objects?.infrastructure) ?? 'Cluster'
  return {
    reason: endpointReason.mismatch,
    message: `${who} has the endpoint ${hostPort(other)}, and this control plane ${hostPort(endpoint)}; make the first lead here, or correct it`,
  }
}

/**
 * One that others wrote down is believed when the API server answers there. It is asked only where `--hosted-api` has
 * `endpoint`; and neither an outage nor a restart takes anything back that was known.
 */
function unproven(observed: Observed): Wait | undefined {
  const { exposure, workloadAPI } = observed
  const { endpoint } = exposure
  if (!endpoint || leadsHere(observed, endpoint) || isPublishedByUs(observed, endpoint)) return undefined
  const isProven = workloadAPI?.endpoint === 'same' || (workloadAPI?.ready && workloadAPI.endpoint === undefined)
  if (isProven || (!workloadAPI?.ready && observed.memory.initialized && wasAvailable(observed, endpoint)))
    return undefined
  const where = `as this API server at ${hostPort(endpoint)}, which ${sourceOf(observed, endpoint)} gives, and ${whereNow(observed)}; does the one lead to the other?`
  const mismatch = { reason: endpointReason.mismatch, message: `nobody answers ${where}` }
  if (workloadAPI?.ready || wasSaid(observed.memory, mismatch)) return mismatch
  return { reason: endpointReason.waitingForAnswer, message: `nobody has answered yet ${where}` }
}

/**
 * Ours is believed whoever answers there: our network may not lead to it. k0s looks the name up in that very network, and
 * workers wait for ever for what it does not make meanwhile, so people are told. Stands behind the endpoint in a message.
 */
export function endpointAdvice({ memory, workloadAPI }: Observed): string {
  const advice =
    ' (the API server is ready, and nobody answers there when asked from here: a name must have an address in the DNS of this cluster too, or k0s makes no configuration for workers)'
  const isSilent = workloadAPI
    ? workloadAPI.ready && workloadAPI.endpoint === 'silent'
    : memory.endpointAvailable?.status === 'True' && memory.endpointAvailable.message.endsWith(advice)
  return isSilent ? advice : ''
}

/** The very same, of the same endpoint. */
function wasSaid({ endpointAvailable: known }: Memory, { reason, message }: Wait): boolean {
  return known?.status === 'False' && known.reason === reason && known.message === message
}

function leadsHere({ exposure: { addresses, ports } }: Observed, { host, port }: Endpoint): boolean {
  return addresses.includes(host) && port === ports?.api
}

function sourceOf({ endpoints }: Observed, endpoint: Endpoint): string {
  const { spec, cluster, field, infrastructure, objects } = endpoints
  if (isSame(endpoint, spec)) return field
  if (isSame(endpoint, infrastructure)) return objects?.infrastructure ?? 'the infrastructure object'
  return (isSame(endpoint, cluster) && objects?.cluster) || 'the Cluster'
}

function whereNow({ exposure: { addresses, service } }: Observed): string {
  const name = `Service ${service?.metadata.name ?? ''}`.trim()
  return addresses.length > 0 ? `${name} is reached at ${addresses.slice(0, 3).join(', ')}` : `${name} has no address`
}

// Phase endpoint: the Service and where the API server is reached — core
import { controlPlaneCondition, hostPort } from '@k0smotron-ts/api'
import type { Outcome, Wait } from '@k0smotron-ts/runtime'
import { endpointAdvice, endpointDoubt } from '../facts/endpoint-truth.ts'
import { invalidHosts } from '../facts/invalid-host.ts'
import type { Observed } from '../observed.ts'
import { done, waits } from '../phase.ts'
import { renderService } from '../render/service.ts'

const { endpointAvailable, endpointReason } = controlPlaneCondition

export function renderEndpoint(observed: Observed): Outcome {
  const objects = [renderService(observed)]
  const { endpoint, ports } = observed.exposure
  const wait =
    invalidWait(observed) ?? endpointDoubt(observed) ?? (endpoint && ports ? undefined : missingPart(observed))
  if (wait) return waits(endpointAvailable, wait, objects)
  const message = endpoint ? `clients and workers use ${hostPort(endpoint)}${endpointAdvice(observed)}` : ''
  return done(endpointAvailable, { reason: endpointReason.available, message }, objects)
}

function invalidWait(observed: Observed): Wait | undefined {
  const hosts = invalidHosts(observed)
  if (hosts.length === 0) return undefined
  return {
    reason: endpointReason.invalid,
    message: `${hosts.join('; ')}; write a DNS name or an IP address, without scheme, port and brackets`,
  }
}

/** What the Service lacks; the Service and the nodes are watched. */
function missingPart(observed: Observed): Wait {
  const { service, ports, type } = observed.exposure
  if (!service || !ports) {
    return { reason: endpointReason.waitingForService, message: 'waiting for the Service to get its ports' }
  }
  const { name } = service.metadata
  if (type === 'LoadBalancer') {
    return {
      reason: endpointReason.waitingForLoadBalancer,
      message: `waiting for Service ${name} to get an address; a load-balancer controller must give it one, or set spec.externalAddress`,
    }
  }
  const cause = observed.mayNotReadNodes
    ? `this provider may not read nodes, so it knows no address for Service ${name}`
    : `no node of the hosting cluster has an address for Service ${name}`
  return { reason: endpointReason.waitingForNodeAddress, message: `${cause}; set spec.externalAddress` }
}

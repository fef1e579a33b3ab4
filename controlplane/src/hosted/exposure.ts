// How a control plane is exposed: its Service, its ports, its endpoint — core
import { type APIEndpoint, knownEndpoint } from '@k0smotron-ts/api'
import type { Service } from '@k0smotron-ts/runtime'
import { defaultPorts } from './defaults.ts'
import { namesFor } from './identity.ts'
import type { Observed } from './observed.ts'

export type Endpoint = Required<APIEndpoint>
export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer'
export type PortName = 'api' | 'konnectivity'
export type Ports = Readonly<Record<PortName, number>>

/** Writes `spec.controlPlaneEndpoint` and nothing else: its name on the object tells that the endpoint is not the user's. */
export const endpointManager = 'k0smotron-endpoint'

export function serviceTypeOf({ controlPlane }: Observed): ServiceType {
  return controlPlane.spec.service?.type ?? 'ClusterIP'
}

export function liveServiceOf(observed: Observed): Service | undefined {
  const name = namesFor(observed).service[serviceTypeOf(observed)]
  return observed.services.find(service => service.metadata.name === name)
}

/**
 * The port that must be published: the user's, else the one that workers were told. `undefined`: a NodePort that the API
 * server still has to allocate. A fixed default would collide with the second cluster on the same nodes.
 */
export function wantedPort(observed: Observed, name: PortName): number | undefined {
  const { spec, status } = observed.controlPlane
  const asked = name === 'api' ? spec.service?.apiPort : spec.service?.konnectivityPort
  const told = asked ?? status?.ports?.[name] ?? portOfKnownEndpoint(observed, name)
  return told ?? (serviceTypeOf(observed) === 'NodePort' ? undefined : defaultPorts[name])
}

/** After a move or a restore the status is empty; then the endpoint still knows the port. */
function portOfKnownEndpoint(observed: Observed, name: PortName): number | undefined {
  if (name !== 'api') return undefined
  const port = toldEndpoint(observed)?.port
  const isNodePort = port !== undefined && port >= 30000 && port <= 32767
  return serviceTypeOf(observed) === 'NodePort' && !isNodePort ? undefined : port
}

/** The ports that clients use, once all are known. */
export function publishedPorts(observed: Observed): Ports | undefined {
  const [api, konnectivity] = (['api', 'konnectivity'] as const).map(
    name => wantedPort(observed, name) ?? allocatedPort(observed, name),
  )
  return api && konnectivity ? { api, konnectivity } : undefined
}

function allocatedPort(observed: Observed, name: PortName): number | undefined {
  return liveServiceOf(observed)?.spec?.ports?.find(port => port.name === name)?.nodePort
}

/**
 * Where clients and workers reach the API server. In this order: what the spec says (or was told before), the user's
 * external address, an endpoint that the Cluster has already or will have from its infrastructure, the address of our
 * Service.
 */
export function endpointOf(observed: Observed): Endpoint | undefined {
  const { spec } = observed.controlPlane
  const published = knownEndpoint(spec.controlPlaneEndpoint)
  if (published) return published
  return spec.externalAddress ? offeredEndpoint(observed) : (givenEndpoint(observed) ?? offeredEndpoint(observed))
}

/** What we would publish if nothing had been published yet: the external address, or the address of our Service. */
export function offeredEndpoint(observed: Observed): Endpoint | undefined {
  const host = observed.controlPlane.spec.externalAddress || serviceAddress(observed)
  const port = publishedPorts(observed)?.api
  return host && port ? { host, port } : undefined
}

function serviceAddress(observed: Observed): string | undefined {
  const service = liveServiceOf(observed)
  if (!service) return undefined
  const addresses = {
    ClusterIP: () => service.spec?.clusterIPs?.find(address => address !== 'None'),
    NodePort: () => observed.nodeAddress,
    LoadBalancer: () => service.status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname).find(Boolean),
  }
  return addresses[serviceTypeOf(observed)]()
}

/** Endpoints that somebody was told already. */
function toldEndpoint(observed: Observed): Endpoint | undefined {
  return knownEndpoint(observed.controlPlane.spec.controlPlaneEndpoint) ?? givenEndpoint(observed)
}

/** Core copies that of the infrastructure to the Cluster as soon as it is provisioned: ours would come too late. */
function givenEndpoint(observed: Observed): Endpoint | undefined {
  return clusterEndpoint(observed) ?? observed.infrastructureEndpoint
}

export function clusterEndpoint({ cluster }: Observed): Endpoint | undefined {
  return knownEndpoint(cluster?.spec?.controlPlaneEndpoint)
}

/** What to publish on our own object: nothing once it, the Cluster or its infrastructure has an endpoint. */
export function endpointToPublish(observed: Observed): Endpoint | undefined {
  const isInitialized = observed.controlPlane.status?.initialization?.controlPlaneInitialized === true
  return isInitialized || toldEndpoint(observed) ? undefined : offeredEndpoint(observed)
}

/** What an infrastructure object without an endpoint is told; nothing once the Cluster has one, which it reads itself. */
export function endpointForInfrastructure(observed: Observed): Endpoint | undefined {
  return clusterEndpoint(observed) ? undefined : endpointOf(observed)
}

/** The endpoint that we published is not what we would publish now. Workers still have the old one. */
export function staleEndpoint(observed: Observed): { readonly told: Endpoint; readonly now: Endpoint } | undefined {
  const told = knownEndpoint(observed.controlPlane.spec.controlPlaneEndpoint)
  const now = offeredEndpoint(observed)
  const isOurs = observed.controlPlane.metadata.managedFields?.some(({ manager }) => manager === endpointManager)
  return told && now && isOurs && (told.host !== now.host || told.port !== now.port) ? { told, now } : undefined
}

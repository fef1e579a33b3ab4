// How a control plane is exposed: its Service, its ports, its endpoint — core
import { type APIEndpoint, knownEndpoint } from '@k0smotron-ts/api'
import type { Service } from '@k0smotron-ts/runtime'
import { defaultPorts } from './defaults.ts'
import { namesFor } from './identity.ts'
import { nodeAddresses } from './node-addresses.ts'
import type { Observed } from './observed.ts'

export type Endpoint = Required<APIEndpoint>
export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer'
export type PortName = 'api' | 'konnectivity'
export type Ports = Readonly<Record<PortName, number>>

/** Writes `spec.controlPlaneEndpoint` of objects and nothing else. */
export const endpointManager = 'k0smotron-endpoint'

export interface Exposure {
  readonly type: ServiceType
  /** The live Service of that type. */
  readonly service: Service | undefined
  /** Ports that the Service must have; one that is absent is left for the API server to allocate. */
  readonly wanted: Partial<Ports>
  /** Ports that clients use, once both are known. */
  readonly ports: Ports | undefined
  /** What somebody relies on already: the user's wish, the Cluster's endpoint, or ours once it is in use. */
  readonly told: Endpoint | undefined
  /** What we would tell if nobody had been told anything. */
  readonly offered: Endpoint | undefined
  /** Where clients and workers reach the API server. */
  readonly endpoint: Endpoint | undefined
}

export function exposureOf(observed: Observed): Exposure {
  const type = observed.controlPlane.spec.service?.type ?? 'ClusterIP'
  const name = namesFor(observed).service[type]
  const service = observed.services.find(({ metadata }) => metadata.name === name)
  const told = toldEndpoint(observed)
  const wanted = wantedPorts(observed, type, told ?? givenEndpoint(observed))
  const ports = publishedPorts(wanted, service)
  const [host] = addressesOf(observed, type, service)
  const offered = host && ports ? { host, port: ports.api } : undefined
  return { type, service, wanted, ports, told, offered, endpoint: told ?? offered }
}

/**
 * In this order: what the spec says, the user's external address (which is offered, not told), the endpoint that the
 * Cluster has or will have from its infrastructure. Ours may still change while nobody can have used it.
 */
function toldEndpoint(observed: Observed): Endpoint | undefined {
  const own = knownEndpoint(observed.controlPlane.spec.controlPlaneEndpoint)
  if (own && !(isPublishedByUs(observed, own) && !isInUse(observed))) return own
  return observed.controlPlane.spec.externalAddress ? undefined : givenEndpoint(observed)
}

/** Core copies that of the infrastructure to the Cluster as soon as it is provisioned: ours would come too late. */
export function givenEndpoint(observed: Observed): Endpoint | undefined {
  return clusterEndpoint(observed) ?? observed.infrastructureEndpoint
}

export function clusterEndpoint({ cluster }: Observed): Endpoint | undefined {
  return knownEndpoint(cluster?.spec?.controlPlaneEndpoint)
}

/** Workers wait for an initialized control plane, infrastructure for an endpoint on the Cluster or on itself. */
function isInUse(observed: Observed): boolean {
  const isInitialized = observed.controlPlane.status?.initialization?.controlPlaneInitialized === true
  return isInitialized || givenEndpoint(observed) !== undefined
}

/** Not once the status is lost, with a move or a restore. */
export function isPublishedByUs({ controlPlane }: Observed, own: Endpoint): boolean {
  return isSame(own, knownEndpoint(controlPlane.status?.publishedEndpoint))
}

function isSame(a: Endpoint, b: Endpoint | undefined): boolean {
  return b !== undefined && a.host === b.host && a.port === b.port
}

/** The user's; else those that a Service of this type had before; else the port that somebody was told. */
function wantedPorts({ controlPlane }: Observed, type: ServiceType, told: Endpoint | undefined): Partial<Ports> {
  const { service } = controlPlane.spec
  const had = controlPlane.status?.ports?.serviceType === type ? controlPlane.status.ports : undefined
  const fallback = type === 'NodePort' ? undefined : defaultPorts
  const api = service?.apiPort ?? had?.api ?? portToldOf(type, told) ?? fallback?.api
  const konnectivity = service?.konnectivityPort ?? had?.konnectivity ?? fallback?.konnectivity
  return { ...(api !== undefined && { api }), ...(konnectivity !== undefined && { konnectivity }) }
}

/** After a move or a restore the status is empty; then the endpoint still knows the port. */
function portToldOf(type: ServiceType, told: Endpoint | undefined): number | undefined {
  const isNodePort = told !== undefined && told.port >= 30000 && told.port <= 32767
  return type === 'NodePort' && !isNodePort ? undefined : told?.port
}

function publishedPorts(wanted: Partial<Ports>, service: Service | undefined): Ports | undefined {
  const allocated = (name: PortName) => service?.spec?.ports?.find(port => port.name === name)?.nodePort
  const api = wanted.api ?? allocated('api')
  const konnectivity = wanted.konnectivity ?? allocated('konnectivity')
  return api && konnectivity ? { api, konnectivity } : undefined
}

/** Every address that leads to the Service, the one to offer first. */
function addressesOf(observed: Observed, type: ServiceType, service: Service | undefined): readonly string[] {
  const { externalAddress } = observed.controlPlane.spec
  if (externalAddress) return [externalAddress]
  if (!service) return []
  if (type === 'NodePort') return nodeAddresses(observed.nodes)
  const balanced = service.status?.loadBalancer?.ingress?.flatMap(({ ip, hostname }) => ip ?? hostname ?? [])
  const own = service.spec?.clusterIPs?.filter(address => address !== 'None')
  return (type === 'LoadBalancer' ? balanced : own) ?? []
}

/** What to write into our own empty endpoint, or over ours while nobody can have used it. */
export function endpointToPublish(observed: Observed): Endpoint | undefined {
  const { offered } = exposureOf(observed)
  const own = knownEndpoint(observed.controlPlane.spec.controlPlaneEndpoint)
  if (isInUse(observed) || !offered || (own && isSame(own, offered))) return undefined
  return !own || isPublishedByUs(observed, own) ? offered : undefined
}

/** What an infrastructure object without an endpoint is told; nothing once the Cluster has one, which it reads itself. */
export function endpointForInfrastructure(observed: Observed): Endpoint | undefined {
  return clusterEndpoint(observed) ? undefined : exposureOf(observed).endpoint
}

/** The endpoint that we published, and that is in use, does not lead to the Service any more. */
export function staleEndpoint(observed: Observed): { readonly told: Endpoint; readonly now: Endpoint } | undefined {
  const { type, service, offered, ports, told } = exposureOf(observed)
  if (!told || !offered || !isPublishedByUs(observed, told)) return undefined
  const leadsHere = addressesOf(observed, type, service).includes(told.host) && told.port === ports?.api
  return leadsHere ? undefined : { told, now: offered }
}

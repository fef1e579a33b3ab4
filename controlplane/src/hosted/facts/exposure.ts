// How a control plane is exposed: its Service, its ports, its endpoint — core
import { isIP } from 'node:net'
import { controlPlaneCondition, faultOfHost, hostPort } from '@k0smotron-ts/api'
import type { Service } from '@k0smotron-ts/runtime'
import type { Names } from '../identity.ts'
import type { Endpoint } from '../input.ts'
import type { Live } from '../observed.ts'
import { defaultPorts } from './defaults.ts'

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer'
export type PortName = 'api' | 'konnectivity'
export type Ports = Readonly<Record<PortName, number>>

const { anyPhaseReason } = controlPlaneCondition

/** Writes `spec.controlPlaneEndpoint` of objects and nothing else. */
export const endpointManager = 'k0smotron-endpoint'

export interface Exposure {
  readonly type: ServiceType
  /** The live Service of that type. */
  readonly service: Service | undefined
  /** Every address that leads to the Service, the one to publish first. */
  readonly addresses: readonly string[]
  /** Ports that the Service must have; one that is absent is left for the API server to allocate. */
  readonly requested: Partial<Ports>
  /** Ports that clients use, once both are known. */
  readonly ports: Ports | undefined
  /** What somebody relies on already: the user's wish, the Cluster's endpoint, or ours once it is in use. */
  readonly committed: Endpoint | undefined
  /** What we would publish if nobody relied on another one. */
  readonly candidate: Endpoint | undefined
  /** Where clients and workers reach the API server; absent while its host is none that every client reads alike. */
  readonly endpoint: Endpoint | undefined
  /** What to write into our own empty endpoint, or over ours while nobody can have used it. */
  readonly unpublished: Endpoint | undefined
}

export function exposureOf(live: Live, names: Names): Exposure {
  const type = live.spec.service?.type ?? 'ClusterIP'
  const service = live.services.find(({ metadata }) => metadata.name === names.service[type])
  const committed = committedEndpoint(live)
  const requested = requestedPorts(live, type, committed ?? fromCluster(live))
  const ports = publishedPorts(requested, service)
  const addresses = addressesOf(live, type, service)
  const candidate = addresses[0] && ports ? { host: addresses[0], port: ports.api } : undefined
  const endpoint = committed && !isUsable(live, committed) ? undefined : (committed ?? candidate)
  const unpublished = endpointToPublish(live, candidate)
  return { type, service, addresses, requested, ports, committed, candidate, endpoint, unpublished }
}

/**
 * In this order: what the spec says, the user's external address (a candidate, not a commitment), the endpoint that the
 * Cluster has or will have from its infrastructure. Ours may still change while nobody can have used it.
 */
function committedEndpoint(live: Live): Endpoint | undefined {
  const own = live.endpoints.spec
  if (own && !(isPublishedByUs(live, own) && !isInUse(live))) return own
  return live.spec.externalAddress ? undefined : fromCluster(live)
}

/** Cluster API core copies that of the infrastructure to the Cluster as soon as it is provisioned: ours would come too late. */
function fromCluster({ endpoints }: Live): Endpoint | undefined {
  return endpoints.cluster ?? endpoints.infrastructure
}

/** What a kubeconfig of an earlier release has, and the API server answered at, is not taken away by a rule that came later. */
function isUsable({ memory, kubeconfig }: Live, endpoint: Endpoint): boolean {
  const isInKubeconfig = memory.initialized && kubeconfig?.server === urlOf(endpoint)
  return isInKubeconfig || faultOfHost(endpoint.host) === undefined
}

/** As a kubeconfig has it. */
export function urlOf(endpoint: Endpoint): string {
  return `https://${hostPort(endpoint)}`
}

/** Workers wait for an initialized control plane, infrastructure for an endpoint on the Cluster or on itself. */
function isInUse(live: Live): boolean {
  return live.memory.initialized || fromCluster(live) !== undefined
}

/** Not once the status is lost, with a move or a restore. */
export function isPublishedByUs({ memory }: Live, own: Endpoint): boolean {
  return isSame(own, memory.publishedEndpoint)
}

export function isSame(a: Endpoint, b: Endpoint | undefined): boolean {
  return b !== undefined && a.host === b.host && a.port === b.port
}

/** The user's; else those that a Service of this type had before; else the port that somebody relies on. */
function requestedPorts({ spec, memory }: Live, type: ServiceType, known: Endpoint | undefined): Partial<Ports> {
  const { service } = spec
  const had = memory.ports?.serviceType === type ? memory.ports : undefined
  const fallback = type === 'NodePort' ? undefined : defaultPorts
  const api = service?.apiPort ?? had?.api ?? portOf(type, known) ?? fallback?.api
  const konnectivity = service?.konnectivityPort ?? had?.konnectivity ?? fallback?.konnectivity
  return { ...(api !== undefined && { api }), ...(konnectivity !== undefined && { konnectivity }) }
}

/** After a move or a restore the status is empty; then the endpoint still knows the port. */
function portOf(type: ServiceType, known: Endpoint | undefined): number | undefined {
  const isNodePort = known !== undefined && known.port >= 30000 && known.port <= 32767
  return type === 'NodePort' && !isNodePort ? undefined : known?.port
}

function publishedPorts(requested: Partial<Ports>, service: Service | undefined): Ports | undefined {
  const allocated = (name: PortName) => service?.spec?.ports?.find(port => port.name === name)?.nodePort
  const api = requested.api ?? allocated('api')
  const konnectivity = requested.konnectivity ?? allocated('konnectivity')
  return api && konnectivity ? { api, konnectivity } : undefined
}

function addressesOf(live: Live, type: ServiceType, service: Service | undefined): readonly string[] {
  const { externalAddress } = live.spec
  const found = externalAddress ? [externalAddress] : service ? addressesOfService(live, type, service) : []
  return found.filter(host => faultOfHost(host) === undefined)
}

function addressesOfService(live: Live, type: ServiceType, service: Service): readonly string[] {
  if (type === 'NodePort') return inFamilies(live.nodeAddresses, service.spec?.ipFamilies)
  if (type === 'LoadBalancer') return balancedAddresses(service)
  return service.spec?.clusterIPs?.filter(address => address !== 'None') ?? []
}

/** A NodePort answers in the families of its Service only. */
function inFamilies(addresses: readonly string[], families: readonly string[] = ['IPv4', 'IPv6']): readonly string[] {
  return addresses.filter(address => isIP(address) === 0 || families.includes(`IPv${isIP(address)}`))
}

/** What a load-balancer controller gave the Service. */
export function balancedAddresses({ status }: Service): readonly string[] {
  return status?.loadBalancer?.ingress?.flatMap(({ ip, hostname }) => ip ?? hostname ?? []) ?? []
}

function endpointToPublish(live: Live, candidate: Endpoint | undefined): Endpoint | undefined {
  const own = live.endpoints.spec
  if (!candidate || fromCluster(live) || isSame(candidate, own)) return undefined
  if (live.memory.initialized) return own || isTakenBack(live, candidate) ? undefined : candidate
  return !own || isPublishedByUs(live, own) ? candidate : undefined
}

/**
 * Whether an endpoint was written down, is in use, and is gone from where it was. None ever was where our own write
 * was refused so far, or where ours was in use without being written down.
 */
export function isTakenBack(live: Live, candidate: Endpoint | undefined): boolean {
  const { endpoints, memory } = live
  if (!memory.initialized || endpoints.spec || fromCluster(live)) return false
  const isRefused = refusals.includes(memory.endpointAvailable?.reason ?? '')
  return !isRefused && !(candidate && wasAvailable(live, candidate))
}

const refusals: readonly string[] = [anyPhaseReason.applyRefused, anyPhaseReason.requestsFailing]

/** Whether clients were told this very one when it was said last. */
export function wasAvailable({ memory: { endpointAvailable: known } }: Live, endpoint: Endpoint): boolean {
  return known?.status === 'True' && known.message.split(' ').includes(hostPort(endpoint))
}

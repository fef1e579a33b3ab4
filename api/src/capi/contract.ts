// Names and rules of the Cluster API contract v1beta2 — core
import type { KubeObject, OwnerReference } from '../meta.ts'
import { groupOf } from '../resource.ts'
import type { APIEndpoint, Cluster } from './types.ts'

/** On every object that belongs to a cluster; Secrets without it are invisible to Cluster API core. */
export const clusterNameLabel = 'cluster.x-k8s.io/cluster-name'

/** On pods and Machines of a control plane. */
export const controlPlaneLabel = 'cluster.x-k8s.io/control-plane'

/** Limits a manager to objects that carry the value given with --watch-filter. */
export const watchFilterLabel = 'cluster.x-k8s.io/watch-filter'

export const pausedAnnotation = 'cluster.x-k8s.io/paused'

/** On an infrastructure object whose own provider shall leave it alone: who manages it instead. */
export const managedByAnnotation = 'cluster.x-k8s.io/managed-by'

/** Holds `clusterctl move` until it is gone. */
export const blockMoveAnnotation = 'clusterctl.cluster.x-k8s.io/block-move'

/** Type of the Secrets of the contract: certificates, kubeconfig, bootstrap data. */
export const clusterSecretType = 'cluster.x-k8s.io/secret'

/** Whether nothing but the Paused condition may be written (contract: ControlPlane: pausing). */
export function isPaused(cluster: Cluster | undefined, object: KubeObject): boolean {
  return cluster?.spec?.paused === true || object.metadata.annotations?.[pausedAnnotation] !== undefined
}

/** The owner of one of these kinds of Cluster API, whatever its version; a missing controller flag is no obstacle. */
export function ownerOfKind(object: KubeObject, ...kinds: readonly string[]): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(
    ({ apiVersion, kind }) => groupOf(apiVersion) === 'cluster.x-k8s.io' && kinds.includes(kind),
  )
}

/** Both parts, or nothing. */
export function knownEndpoint(endpoint: APIEndpoint | undefined): Required<APIEndpoint> | undefined {
  return endpoint?.host && endpoint.port ? { host: endpoint.host, port: endpoint.port } : undefined
}

/** `host:port` for URLs and configuration: an IPv6 address is bracketed. */
export function hostPort({ host, port }: Required<APIEndpoint>): string {
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
}

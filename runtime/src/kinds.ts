// The kinds of Kubernetes itself that our controllers read and write — core
import type { Immutable, KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { IControllerRevision, IStatefulSet } from 'kubernetes-models/apps/v1'
import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import type { IPodDisruptionBudget } from 'kubernetes-models/policy/v1'
import type { IConfigMap, IEvent, INode, IPersistentVolumeClaim, IPod, ISecret, IService } from 'kubernetes-models/v1'

/** A kind of the published models as plain, read-only JSON. */
type Plain<Model> = KubeObject & Immutable<Omit<Model, 'apiVersion' | 'kind' | 'metadata'>>

export type ConfigMap = Plain<IConfigMap>
export type ControllerRevision = Plain<IControllerRevision>
export type Event = Plain<IEvent>
export type NetworkPolicy = Plain<INetworkPolicy>
export type Node = Plain<INode>
export type PersistentVolumeClaim = Plain<IPersistentVolumeClaim>
export type Pod = Plain<IPod>
export type PodDisruptionBudget = Plain<IPodDisruptionBudget>
/** Not `Secret<T>`, which is any value that must not be printed. */
export type KubeSecret = Plain<ISecret>
export type Service = Plain<IService>
export type StatefulSet = Plain<IStatefulSet>

const core = { group: '', version: 'v1', namespaced: true } as const
const apps = { group: 'apps', version: 'v1', namespaced: true } as const

export const configMaps: ResourceType<ConfigMap> = { ...core, kind: 'ConfigMap', plural: 'configmaps' }
export const events: ResourceType<Event> = { ...core, kind: 'Event', plural: 'events' }
export const nodes: ResourceType<Node> = { ...core, kind: 'Node', plural: 'nodes', namespaced: false }
export const persistentVolumeClaims: ResourceType<PersistentVolumeClaim> = {
  ...core,
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
}
export const pods: ResourceType<Pod> = { ...core, kind: 'Pod', plural: 'pods' }
export const secrets: ResourceType<KubeSecret> = { ...core, kind: 'Secret', plural: 'secrets' }
export const services: ResourceType<Service> = { ...core, kind: 'Service', plural: 'services' }
export const controllerRevisions: ResourceType<ControllerRevision> = {
  ...apps,
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
}
export const statefulSets: ResourceType<StatefulSet> = { ...apps, kind: 'StatefulSet', plural: 'statefulsets' }
export const networkPolicies: ResourceType<NetworkPolicy> = {
  group: 'networking.k8s.io',
  version: 'v1',
  namespaced: true,
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
}
export const podDisruptionBudgets: ResourceType<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  namespaced: true,
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
}

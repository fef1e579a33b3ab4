// Under what objects are found in the cache, and which control plane they concern — core
import {
  clusterNameLabel,
  type K0smotronControlPlane,
  type KubeObject,
  k0smotronControlPlane,
  namesOf,
  type ObjectKey,
  ownerOfKind,
  releasedFromAnnotation,
} from '@k0smotron-ts/api'
import { type Event, type StoreReader, statefulSets } from '@k0smotron-ts/runtime'
import { chosenDatastore } from '../../../hosted/datastore/choice.ts'
import { clusterNameOf } from '../snapshot.ts'

export const selfKey = ({ metadata }: KubeObject): readonly ObjectKey[] => [
  keyIn(metadata.namespace, metadata.name ?? ''),
]

function keyIn(namespace: string | undefined, name: string): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name }
}

/** By the control plane that has the object, or that left it behind for a move. */
export function ownerIndex({ metadata }: KubeObject): readonly string[] {
  const releasedFrom = metadata.annotations?.[releasedFromAnnotation]
  const owners = metadata.ownerReferences?.flatMap(({ controller, uid }) => (controller ? [uid] : [])) ?? []
  return releasedFrom === undefined ? owners : [...new Set([...owners, releasedFrom])]
}

/** By the cluster that the labels name, when nobody has the object: a restore takes owners off. */
export function ownerlessIndex({ metadata }: KubeObject): readonly string[] {
  const isOwnerless = (metadata.ownerReferences ?? []).length === 0
  return isOwnerless ? namespaced(metadata.namespace, metadata.labels?.[clusterNameLabel]) : []
}

/** The names of everything that is applied for a control plane: what someone else made under one stands in its way. */
export function objectIndex(controlPlane: K0smotronControlPlane): readonly string[] {
  const names = namesOf(clusterNameOf({ controlPlane }))
  const { service, statefulSet } = names
  const ofDatastore = Object.values(chosenDatastore.objectNames(names))
  const all = new Set([...Object.values(service), statefulSet, ...ofDatastore])
  return [...all].flatMap(name => namespaced(controlPlane.metadata.namespace, name))
}

/** The control plane that the object belongs to, or else stands in the way of, or would belong to. */
export function objectKeys(object: KubeObject, read: StoreReader): readonly ObjectKey[] {
  const controller = controllerKey(object)
  if (controller.length > 0) return controller
  const { namespace, name } = object.metadata
  const named = read.by(k0smotronControlPlane, 'object', `${namespace}/${name}`).flatMap(selfKey)
  const labelled = ownerlessIndex(object).flatMap(id => read.by(k0smotronControlPlane, 'cluster', id).flatMap(selfKey))
  return named.length > 0 ? named : labelled
}

/** The control plane that is the controller of the object. */
function controllerKey({ metadata }: KubeObject): readonly ObjectKey[] {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  return owner?.kind === k0smotronControlPlane.kind ? [keyIn(metadata.namespace, owner.name)] : []
}

export const clusterIndex = ({ metadata }: KubeObject): readonly string[] =>
  namespaced(metadata.namespace, metadata.labels?.cluster)

export const ownerClusterIndex = (controlPlane: KubeObject): readonly string[] =>
  namespaced(controlPlane.metadata.namespace, ownerOfKind(controlPlane, 'Cluster')?.name)

/** Those that take a node's address for their endpoint. */
export const needsNodeIndex = ({ spec }: K0smotronControlPlane): readonly string[] =>
  spec.service?.type === 'NodePort' && !spec.externalAddress ? [''] : []

export const setIndex = ({ involvedObject }: Event): readonly string[] =>
  namespaced(involvedObject?.namespace, involvedObject?.name)

function namespaced(namespace: string | undefined, name: string | undefined): readonly string[] {
  return name === undefined ? [] : [`${namespace}/${name}`]
}

export function ofClusterNamed(
  { metadata }: KubeObject,
  read: StoreReader,
  name: string | undefined = metadata.name,
): readonly ObjectKey[] {
  return read.by(k0smotronControlPlane, 'cluster', `${metadata.namespace}/${name}`).flatMap(selfKey)
}

/** Pods and revisions carry the cluster's name as a plain label. */
export function byClusterLabel(object: KubeObject, read: StoreReader): readonly ObjectKey[] {
  return ofClusterNamed(object, read, object.metadata.labels?.cluster)
}

/** Secrets of the contract, a user's own among them, carry Cluster API's label. */
export function byClusterNameLabel(object: KubeObject, read: StoreReader): readonly ObjectKey[] {
  return ofClusterNamed(object, read, object.metadata.labels?.[clusterNameLabel])
}

/** The StatefulSet that could not create a pod, and so its control plane. */
export function eventKeys({ involvedObject }: Event, read: StoreReader): readonly ObjectKey[] {
  const { namespace, name } = involvedObject ?? {}
  const set = name === undefined ? undefined : read.get(statefulSets, keyIn(namespace, name))
  return set ? controllerKey(set) : []
}

export function nodeKeys(_: KubeObject, read: StoreReader): readonly ObjectKey[] {
  return read.by(k0smotronControlPlane, 'needsNode', '').flatMap(selfKey)
}

// Under what objects are found in the cache — core
import { clusterNameLabel, type KubeObject, type ObjectKey, releasedFromAnnotation } from '@k0smotron-ts/api'
import type { Event, PodDisruptionBudget, StatefulSet } from '@k0smotron-ts/runtime'
import { mayWaitForBudget } from '../facts/budgets.ts'

export const selfKey = ({ metadata }: KubeObject): readonly ObjectKey[] => [
  keyIn(metadata.namespace, metadata.name ?? ''),
]

export function keyIn(namespace: string | undefined, name: string): ObjectKey {
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

export const clusterIndex = ({ metadata }: KubeObject): readonly string[] =>
  namespaced(metadata.namespace, metadata.labels?.cluster)

/** Of a budget, by the cluster whose pods alone it may select; all of ours name one. */
export const selectedIndex = ({ metadata, spec }: PodDisruptionBudget): readonly string[] => {
  const cluster = spec?.selector?.matchLabels?.cluster
  return cluster === undefined ? [anyCluster(metadata.namespace)] : namespaced(metadata.namespace, cluster)
}

/** Of a StatefulSet, by where the budgets are that its pods may wait for; most have all pods as they should be. */
export const rollingIndex = (object: KubeObject): readonly string[] =>
  isStatefulSet(object) && mayWaitForBudget(object) ? [object.metadata.namespace ?? ''] : []

function isStatefulSet(object: KubeObject): object is StatefulSet {
  return object.kind === 'StatefulSet'
}

/** No cluster has such a name. */
export const anyCluster = (namespace: string | undefined): string => `${namespace}/`

export const setIndex = ({ involvedObject }: Event): readonly string[] =>
  namespaced(involvedObject?.namespace, involvedObject?.name)

export function namespaced(namespace: string | undefined, name: string | undefined): readonly string[] {
  return name === undefined ? [] : [`${namespace}/${name}`]
}

// The kinds of object that a control plane is made of, each declared once: reads, wakes, pruning and rights follow — core
import { clusterNameLabel, type KubeObject, type ResourceType } from '@k0smotron-ts/api'
import {
  type ConfigMap,
  configMaps,
  type KubeSecret,
  type NetworkPolicy,
  networkPolicies,
  type PodDisruptionBudget,
  podDisruptionBudgets,
  type Service,
  type StatefulSet,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { isConfig } from './identity.ts'

interface Parts {
  readonly services: Service
  readonly statefulSets: StatefulSet
  readonly networkPolicies: NetworkPolicy
  readonly podDisruptionBudgets: PodDisruptionBudget
  readonly configMaps: ConfigMap
  /** Configurations of k0s that hold a password. */
  readonly configSecrets: KubeSecret
}

/** The live objects of every owned kind. */
export type Owned = { readonly [Name in keyof Parts]: readonly Parts[Name][] }

interface OwnedKind<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>
  readonly labelSelector?: string
  /** Whether one that no phase asks for any more is deleted. A StatefulSet never is: its pods hold data. */
  readonly isPruned: boolean
  /** What protects is refused on its own when its kind cannot be read, and keeps nothing else from starting. */
  readonly isOptional?: true
  /** Watched with all else of its kind, of which most are no parts; created and never applied, so nobody's fields are known. */
  readonly isAmongOthers?: true
}

/** On everything that belongs to a control plane, k0smotron's as well. */
export const partSelector = 'app=k0smotron'

/** Watched without a selector where possible, so that what someone else has under our name wakes us when it goes. */
const owned: { readonly [Name in keyof Parts]: OwnedKind<Parts[Name]> } = {
  services: { type: services, isPruned: true },
  statefulSets: { type: statefulSets, isPruned: false },
  networkPolicies: { type: networkPolicies, isPruned: true, isOptional: true },
  podDisruptionBudgets: { type: podDisruptionBudgets, isPruned: true, isOptional: true },
  // there are too many of them to watch all: one that stands in our way is looked at again with growing pauses
  configMaps: { type: configMaps, labelSelector: partSelector, isPruned: true },
  configSecrets: { type: secrets, labelSelector: clusterNameLabel, isPruned: true, isAmongOthers: true },
}

/** Those with a watch, and rights, of their own. */
export const appliedKinds: readonly OwnedKind[] = Object.values<OwnedKind>(owned).filter(kind => !kind.isAmongOthers)

export function listOwned(list: (type: ResourceType) => readonly KubeObject[]): Owned {
  const lists = Object.entries(owned).map(([name, { type }]) => [name, list(type)] as const)
  return Object.fromEntries(lists) as unknown as Owned
}

/** An object with its type. */
export interface Part {
  readonly type: ResourceType
  readonly object: KubeObject
}

/** All of them, with their type. */
export function ownedParts(live: Owned): Part[] {
  return Object.entries(owned).flatMap(([name, { type }]) =>
    live[name as keyof Owned].map(object => ({ type, object })),
  )
}

/** Those that may be deleted when nothing asks for them, with their type. */
export function prunable(live: Owned): Part[] {
  return Object.entries(owned).flatMap(([name, { type, isPruned }]) =>
    isPruned ? live[name as keyof Owned].map(object => ({ type, object })) : [],
  )
}

/** With parts that were found later. */
export function withParts(live: Owned, found: readonly Part[]): Owned {
  const parts = found.filter(({ type, object }) => type !== secrets || isConfig(object))
  return listOwned(type => [...ownedParts(live), ...parts].flatMap(part => (part.type === type ? part.object : [])))
}

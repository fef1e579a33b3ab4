// The snapshot of the members, as far as a pass has seen it — core
import type { ConfigMap, PersistentVolumeClaim, Pod } from '@k0smotron-ts/runtime'
import { budgetWait } from '../../../facts/budgets.ts'
import { isHibernating } from '../../../facts/hibernation.ts'
import { isLookedAt } from '../../../facts/looked-at.ts'
import { awakeReplicas, wantedReplicas } from '../../../facts/members.ts'
import { isOnDelete } from '../../../facts/own-order.ts'
import { isReady, ordinalIn, revisionOf } from '../../../facts/pods.ts'
import type { Observed } from '../../../observed.ts'
import { claimsOf, isOthers } from '../claim.ts'
import { memberFileIn } from './files.ts'
import { claimIn, claimOfOther } from './marks.ts'
import { type Claim, isGiven, membersFor, podsGiven, type SeenPod, type Snapshot } from './snapshot.ts'

type Known = Pick<
  Observed,
  | 'spec'
  | 'certificates'
  | 'memory'
  | 'datastore'
  | 'datastoreSet'
  | 'datastoreClaims'
  | 'datastorePods'
  | 'datastoreMembers'
  | 'configMaps'
  | 'names'
  | 'budgets'
  | 'keepsMembers'
  | 'hibernation'
  | 'k0sSet'
>

/** While nobody has asked them they are not known; the rest is there as soon as their StatefulSet is. */
export function membersSeen(observed: Known): Snapshot | undefined {
  const { datastoreMembers, datastoreSet } = observed
  if (!datastoreSet) return undefined
  const { members, answers = new Map() } = datastoreMembers ?? {}
  return {
    desired: wantedMembers(observed),
    replicas: replicasOf(observed),
    ...(members && { members }),
    answers,
    claims: claimsSeen(observed),
    pods: podsSeen(observed),
    isObserved: isLookedAt(datastoreSet),
    files: filesIn(liveEtcdConfig(observed)),
  }
}

function podsSeen(observed: PodsKnown): Snapshot['pods'] {
  return new Map(
    [...podsByOrdinal(observed)].map(([ordinal, pod]) => {
      const wait = budgetWait(observed, pod)
      const seen: SeenPod = {
        uid: pod.metadata.uid ?? '',
        isReady: isReady(pod),
        isRunning: pod.status?.containerStatuses?.some(({ state }) => state?.running) ?? false,
        isOutdated: isOutdated(observed, pod),
        ...(wait !== undefined && { budgetWait: wait }),
      }
      return [ordinal, seen]
    }),
  )
}

type PodsKnown = Pick<Known, 'budgets' | 'datastorePods' | 'datastoreSet' | 'names'>

/** One that is going is made anew by that. */
function isOutdated({ datastoreSet }: Pick<Known, 'datastoreSet'>, pod: Pod): boolean {
  const newest = isOnDelete(datastoreSet) ? datastoreSet?.status?.updateRevision : undefined
  return newest !== undefined && revisionOf(pod) !== newest && pod.metadata.deletionTimestamp === undefined
}

export function claimsSeen(
  observed: Pick<Known, 'certificates' | 'datastoreClaims' | 'datastoreSet' | 'names'>,
): ReadonlyMap<number, Claim> {
  const seen = (claim: PersistentVolumeClaim) => (isOthers(observed, claim) ? claimOfOther(claim) : claimIn(claim))
  return new Map([...liveClaims(observed)].map(([ordinal, claim]) => [ordinal, seen(claim)]))
}

export function liveClaims({
  datastoreClaims,
  names,
}: Pick<Known, 'datastoreClaims' | 'names'>): ReadonlyMap<number, PersistentVolumeClaim> {
  return byOrdinal(claimsOf(names), datastoreClaims)
}

export function podsByOrdinal({
  datastorePods,
  names,
}: Pick<Known, 'datastorePods' | 'names'>): ReadonlyMap<number, Pod> {
  return byOrdinal(names.etcd, datastorePods)
}

export function liveEtcdConfig({ configMaps, names }: Pick<Known, 'configMaps' | 'names'>): ConfigMap | undefined {
  return configMaps.find(({ metadata }) => metadata.name === names.etcdConfig)
}

/** Without pods of k0s they stay as many as they are. */
export function wantedMembers(observed: Known): number {
  if (observed.spec.replicas === 0 || isHibernating(observed)) return membersFor(podsOfMembers(observed))
  return Math.max(askedMembers(observed), observed.keepsMembers ? membersFor(podsGiven(claimsSeen(observed))) : 1)
}

/** Beyond the number of replicas, also while a schedule lets it sleep; by 0 no member is asked to go. */
export function hasSurplus(observed: Known): boolean {
  return observed.spec.replicas !== 0 && podsGiven(claimsSeen(observed)) > membersFor(awakeReplicas(observed))
}

/** By the number of replicas alone. */
export function askedMembers(observed: Pick<Known, 'spec' | 'datastore' | 'memory'>): number {
  return membersFor(wantedReplicas(observed))
}

export function replicasOf({ datastoreSet }: Pick<Known, 'datastoreSet'>): number {
  return datastoreSet?.spec?.replicas ?? 1
}

/**
 * Those of a set that was taken away from its pods may be voters that live: it must not take them away. Where all were
 * stopped, all that were there before come.
 */
export function podsOfMembers(observed: Known): number {
  const live = observed.datastoreSet ? replicasOf(observed) : 0
  return live > 0 ? live : podsGiven(claimsSeen(observed))
}

/**
 * From the first time that several members are wanted on. Before that nothing is rendered, asked or changed that earlier
 * releases did not: their clusters are left alone.
 */
export function isNumbered(observed: Known): boolean {
  return wantedMembers(observed) > 1 || [...claimsSeen(observed).values()].some(({ mark }) => mark !== undefined)
}

/** One that was ever among several stays so. */
export function isReplacedByUs(observed: Known): boolean {
  return isNumbered(observed) || isOnDelete(observed.datastoreSet)
}

/** Several members are there, or wanted, or not known to be gone: a single one has nothing to say, but before its pod is replaced. */
export function hasSeveral(observed: Known): boolean {
  if (!observed.datastoreSet) return false
  if ([...podsByOrdinal(observed).values()].some(pod => isOutdated(observed, pod))) return true
  if (!isNumbered(observed)) return false
  if (wantedMembers(observed) > 1 || replicasOf(observed) > 1) return true
  const claims = claimsSeen(observed)
  const first = claims.get(0)
  return claims.size !== 1 || !first || !isGiven(first) || first.isGoing
}

function byOrdinal<T extends Pod | PersistentVolumeClaim>(set: string, objects: readonly T[]): ReadonlyMap<number, T> {
  return new Map(
    objects.flatMap(object => {
      const ordinal = ordinalIn(set, object)
      return ordinal === undefined ? [] : [[ordinal, object] as const]
    }),
  )
}

function filesIn(config: ConfigMap | undefined): Snapshot['files'] {
  return new Map(
    Object.entries(config?.data ?? {}).flatMap(([key, text]) => {
      const ordinal = Number(/-(\d+)\.yaml$/.exec(key)?.[1] ?? Number.NaN)
      return Number.isNaN(ordinal) ? [] : [[ordinal, memberFileIn(text)] as const]
    }),
  )
}

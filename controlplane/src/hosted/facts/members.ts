// How many pods of k0s there are to be, and what comes next for those that there are — core

import type { Pod, StatefulSet } from '@k0smotron-ts/runtime'
import type { Datastore } from '../datastore/datastore.ts'
import { roomOf } from '../datastore/room.ts'
import { configLabel } from '../identity.ts'
import type { HostedSpec, Memory } from '../input.ts'
import type { Observed } from '../observed.ts'
import { budgetWait } from './budgets.ts'
import { type Hibernation, isHibernating, isReplicasUnused } from './hibernation.ts'
import { isLookedAt } from './looked-at.ts'
import { isOnDelete } from './own-order.ts'
import { isReady, ordinalIn, revisionOf } from './pods.ts'
import { isElected, type LiveSet, type MemberPod, type RollInput, type RollPlan, rollPlan } from './roll-plan.ts'

export interface Wanting {
  readonly spec: HostedSpec
  readonly datastore: Pick<Datastore, 'maxReplicas'>
  /** Absent where the spec alone is asked. */
  readonly memory?: Pick<Memory, 'replicasUnused' | 'datastoreFormed'>
  readonly hibernation?: Hibernation
  readonly k0sSet?: StatefulSet
}

/** None while it hibernates. */
export function wantedReplicas(asked: Wanting): number {
  return isHibernating(asked) ? 0 : awakeReplicas(asked)
}

/**
 * What the spec asks for, as far as the datastore lets it, whatever a schedule says; as many as there are where it must not
 * stop them.
 */
export function awakeReplicas({ spec, datastore, memory, hibernation, k0sSet }: Wanting): number {
  if (isReplicasUnused(memory)) return 1
  if (spec.replicas === 0) return hibernation?.refusal === undefined ? 0 : Math.max(1, k0sSet?.spec?.replicas ?? 1)
  return Math.max(1, Math.min(spec.replicas ?? 1, datastore.maxReplicas))
}

/** Whether the controllers in each pod elect a leader among the pods. */
export function electsLeader(observed: Observed): boolean {
  return isElected(wantedReplicas(observed), observed.k0sSet?.spec?.replicas ?? 0, membersOf(observed))
}

/** Several pods are replaced by us alone, in our order; one that was ever among several stays so. */
export function isReplacedByUs(observed: Observed): boolean {
  return electsLeader(observed) || isOnDelete(observed.k0sSet)
}

/** `hash`: of the configuration that pods are to have; absent while that is not known, and then nothing is scaled. */
export function nextOfPods(observed: Observed, hash?: string): RollPlan {
  const set = liveSet(observed)
  const pods = membersOf(observed).map(({ pod, ordinal }): MemberPod => {
    const { name = '', labels = {}, deletionTimestamp } = pod.metadata
    const revision = revisionOf(pod)
    const wait = budgetWait(observed, pod)
    return {
      name,
      ordinal,
      ...(revision !== undefined && { revision }),
      isReady: isReady(pod),
      isGoing: deletionTimestamp !== undefined,
      hasConfig: labels[configLabel] === hash,
      ...(wait !== undefined && { budgetWait: wait }),
    }
  })
  const isKept = hash === undefined && set !== undefined && !isHibernating(observed)
  return nextFor(observed, { wanted: isKept ? set.replicas : wantedReplicas(observed), pods, ...(set && { set }) })
}

const toBeReady = 'the datastore to be ready'

function nextFor(observed: Observed, { wanted, set, pods }: RollInput): RollPlan {
  const isAsleep = wanted > 0 && set?.replicas === 0
  if (isAsleep && !observed.datastore.mayWake(observed)) return { replicas: 0, waitsFor: toBeReady }
  if (isAsleep || observed.datastore.isWhole(observed)) return rollPlan({ wanted, pods, ...(set && { set }) })
  const { alarms = [] } = roomOf(observed) ?? {}
  const obstacle = alarms.length > 0 ? `the alarm ${alarms.join(' and ')} of the datastore to be taken back` : toBeReady
  // nor does another one come beside those that there are
  const growsLater = set !== undefined && wanted > set.replicas
  const plan = rollPlan({ wanted: growsLater ? set.replicas : wanted, pods, obstacle, ...(set && { set }) })
  return growsLater ? { waitsFor: obstacle, ...plan } : plan
}

function liveSet(observed: Observed): LiveSet | undefined {
  const { k0sSet } = observed
  if (!k0sSet) return undefined
  const { updateRevision } = k0sSet.status ?? {}
  return {
    replicas: k0sSet.spec?.replicas ?? 1,
    isOnDelete: isOnDelete(k0sSet),
    partition: k0sSet.spec?.updateStrategy?.rollingUpdate?.partition ?? 0,
    isObserved: updateRevision !== undefined && isLookedAt(k0sSet),
    ...(updateRevision !== undefined && { updateRevision }),
  }
}

interface Member {
  readonly pod: Pod
  readonly ordinal: number
}

function membersOf({ k0sPods, names }: Pick<Observed, 'k0sPods' | 'names'>): readonly Member[] {
  return k0sPods.flatMap(pod => {
    const ordinal = ordinalIn(names.statefulSet, pod)
    return ordinal === undefined ? [] : [{ pod, ordinal }]
  })
}

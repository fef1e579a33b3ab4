// What Kubernetes keeps for the members: pods and volumes — core
import type { Listed } from './member-rules.ts'
import { podsGiven, type Snapshot } from './snapshot.ts'
import { type Finding, keptByOthers, take } from './step.ts'

/** Somebody took pods away from members. */
export function replicasForMembers(seen: Listed): Finding | undefined {
  const least = Math.max(0, ...seen.members.flatMap(({ isStarted, ordinal = 0 }) => (isStarted ? ordinal + 1 : [])))
  return seen.replicas < least ? take({ kind: 'setReplicas', replicas: least }) : undefined
}

/**
 * Without a quorum etcd does not say who its members are, and a pod that was taken away may be the one it needs: those
 * whose volume was given to a member. If one of them has left, its process ends by itself.
 */
export function replicasForClaims({ claims, replicas }: Snapshot): Finding | undefined {
  const least = podsGiven(claims)
  return replicas < least ? take({ kind: 'setReplicas', replicas: least }) : undefined
}

/** Only when the member has left: etcd would wait for one whose pod was taken away. */
export function lowerReplicas(seen: Listed): Finding | undefined {
  const least = Math.max(seen.desired, ...seen.members.map(({ ordinal = 0 }) => ordinal + 1))
  return seen.replicas > least ? take({ kind: 'setReplicas', replicas: least }) : undefined
}

/** The volume of a member that left: one that joins later must not find it. */
export function clearClaims({ claims, desired, members, pods, replicas }: Listed): Finding | undefined {
  const isLeft = (ordinal: number): boolean =>
    ordinal >= Math.max(desired, replicas) && !pods.has(ordinal) && members.every(one => one.ordinal !== ordinal)
  const left = [...claims].filter(([one, { isGoing }]) => !isGoing && isLeft(one))
  const [ordinal, claim] = left.find(([, { othersName }]) => othersName === undefined) ?? left[0] ?? []
  if (ordinal === undefined || !claim) return undefined
  return keptByOthers(claim) ?? take({ kind: 'deleteClaim', ordinal, uid: claim.uid })
}

// Which member comes and which goes — core
import type { Member } from '../../members.ts'
import {
  type Claim,
  freshMark,
  hasItsClaim,
  isAnswering,
  joins,
  madeMark,
  quorumOf,
  type Snapshot,
} from './snapshot.ts'
import { type Finding, keptByOthers, take, wait } from './step.ts'

/** A snapshot in which etcd's list is known, and all its members are of this control plane. */
export type Listed = Snapshot & { readonly members: readonly Member[] }

export const nameOf = ({ ordinal, id }: Member): string => `member ${ordinal} (${id})`

/** A member whose volume is gone: its id must never vote again, and its ordinal gets a new member. */
export function dropLost(seen: Listed): Finding | undefined {
  const isLost = (member: Member): boolean =>
    member.isStarted && !hasItsClaim(seen, member) && !(member.isVoter && isAnswering(seen, member))
  const lost = highestFirst(seen.members).find(isLost)
  // of the only one nothing is left to begin from: a restore may bring its volume back
  if (!lost || seen.members.length === 1) return undefined
  return leave(seen, lost)
}

/** Members beyond the number that is asked for, unless one that is to stay has to come first. */
export function dropSurplus(seen: Listed): Finding | undefined {
  const surplus = highestFirst(seen.members).filter(({ ordinal = 0 }) => ordinal >= seen.desired)
  const voters = seen.members.filter(({ isVoter }) => isVoter)
  const isComplete = voters.length - surplus.filter(({ isVoter }) => isVoter).length === seen.desired
  const mayGo = (member: Member): boolean =>
    !member.isVoter || isComplete || voters.length > seen.desired || !isAnswering(seen, member)
  const next = surplus.find(({ isVoter }) => !isVoter) ?? surplus.find(mayGo)
  return next && leave(seen, next)
}

/** Out of the list, if what stays is a quorum without it; a leader hands over first. */
function leave(seen: Listed, member: Member): Finding {
  if (!member.isVoter) return take({ kind: 'remove', id: member.id })
  const others = seen.members.filter(({ isVoter, id }) => isVoter && id !== member.id)
  const answering = others.filter(other => isAnswering(seen, other))
  const quorum = quorumOf(others.length)
  if (answering.length < quorum) {
    return wait(`${nameOf(member)} cannot go: of the others ${answering.length} answer, ${quorum} are needed`)
  }
  const isLeader = member.ordinal !== undefined && seen.answers.get(member.ordinal)?.isLeader
  const successor = answering.toSorted((one, other) => (one.ordinal ?? 0) - (other.ordinal ?? 0))[0]
  return isLeader && successor
    ? take({ kind: 'moveLeader', to: successor.id })
    : take({ kind: 'remove', id: member.id })
}

/** A learner that is to stay, and has started: before anything else is begun, since etcd may refuse that for seconds. */
export function promoteLearner(seen: Listed): Finding | undefined {
  const learner = stayingLearner(seen, ({ isStarted }) => isStarted)
  return learner && promote(seen, learner)
}

/** A volume is given to one that has not started, then its pod comes. */
export function beginLearner(seen: Listed): Finding | undefined {
  const learner = stayingLearner(seen, ({ isStarted }) => !isStarted)
  return learner && begin(seen, learner, learner.ordinal ?? 0)
}

/** There is one at most by our doing; of those that others add, the next one has its turn when it votes. */
function stayingLearner({ members, desired }: Listed, is: (member: Member) => boolean): Member | undefined {
  return highestFirst(members).findLast(member => !member.isVoter && (member.ordinal ?? 0) < desired && is(member))
}

function begin(seen: Listed, learner: Member, ordinal: number): Finding {
  const [claim, pod] = [seen.claims.get(ordinal), seen.pods.get(ordinal)?.uid]
  if (claim?.mark === freshMark && !claim.isGoing) {
    return take({ kind: 'markClaim', ordinal, uid: claim.uid, to: learner.id, ...olderPodOf(pod) })
  }
  // it may have begun on a volume that is gone: another id costs nothing
  if (!claim || claim.mark !== learner.id) return take({ kind: 'remove', id: learner.id })
  // it refuses what is in the volume by a file that has changed since, and would be long in looking at it again
  if (pod !== undefined && pod === claim.olderPod && joins(seen.files.get(ordinal))) {
    return take({ kind: 'deletePod', ordinal, uid: pod })
  }
  return seen.replicas > ordinal
    ? wait(`${nameOf(learner)} has not started yet`)
    : take({ kind: 'setReplicas', replicas: ordinal + 1 })
}

/** Its file refuses an empty volume by now: that is written before any step, and since it has told its name. */
function promote(seen: Listed, learner: Member): Finding {
  return isReady(seen, learner)
    ? take({ kind: 'promote', id: learner.id })
    : wait(`${nameOf(learner)} has not caught up yet`)
}

function isReady(seen: Listed, learner: Member): boolean {
  const answer = learner.ordinal === undefined ? undefined : seen.answers.get(learner.ordinal)
  return learner.isStarted && answer?.id === learner.id && answer.isInSync
}

/**
 * The lowest ordinal without a member gets one: first a volume on which nobody ever started. Never a second learner: etcd decides
 * by each member's own limit, when it reads its log, and members with different limits never agree again.
 */
export function grow(seen: Listed): Finding | undefined {
  const ordinal = missingOrdinal(seen)
  if (ordinal === undefined || seen.members.some(({ isVoter }) => !isVoter)) return undefined
  // etcd would refuse it, without the name
  const silent = seen.members.find(member => member.isVoter && !isAnswering(seen, member))
  if (silent) return wait(`no member is added before ${nameOf(silent)} answers`)
  if (joins(seen.files.get(ordinal))) return wait(`the configuration of member ${ordinal} lets an earlier one join`)
  return freshClaim(seen, ordinal) ?? take({ kind: 'addLearner', ordinal })
}

function missingOrdinal({ members, desired }: Listed): number | undefined {
  const taken = new Set(members.map(({ ordinal }) => ordinal))
  return Array.from({ length: desired }, (_, ordinal) => ordinal).find(ordinal => !taken.has(ordinal))
}

/** What is missing until the ordinal has such a volume, and no pod that may have read an older file. */
function freshClaim({ claims, pods, replicas }: Listed, ordinal: number): Finding | undefined {
  const [claim, pod] = [claims.get(ordinal), pods.get(ordinal)?.uid]
  if (!claim) return take({ kind: 'createClaim', ordinal })
  const { uid, mark, isGoing, olderPod } = claim
  if (isGoing) {
    return pod === undefined
      ? wait(`the old volume of member ${ordinal} is going`)
      : take({ kind: 'deletePod', ordinal, uid: pod })
  }
  const kept = keptByOthers(claim)
  if (kept) return kept
  if (mark === freshMark) {
    return pod !== undefined && pod === olderPod ? take({ kind: 'deletePod', ordinal, uid: pod }) : undefined
  }
  // without a mark: the StatefulSet made it, in place of one that was lost
  if (mark === madeMark || (mark === undefined && replicas > ordinal))
    return take({ kind: 'markClaim', ordinal, uid, to: freshMark, ...olderPodOf(pod) })
  return take({ kind: 'deleteClaim', ordinal, uid })
}

function olderPodOf(pod: string | undefined): Pick<Claim, 'olderPod'> {
  return pod === undefined ? {} : { olderPod: pod }
}

function highestFirst(members: readonly Member[]): readonly Member[] {
  return members.toSorted((one, other) => (other.ordinal ?? 0) - (one.ordinal ?? 0))
}

// The next change of etcd's members and their pods, or why there is none — core
import { clearClaims, lowerReplicas, replicasForClaims, replicasForMembers } from './kubernetes-rules.ts'
import { beginLearner, dropLost, dropSurplus, grow, type Listed, promoteLearner } from './member-rules.ts'
import { replaceAway, replaceServing } from './roll-rules.ts'
import { isAnswering, type Snapshot } from './snapshot.ts'
import { type Finding, take, wait } from './step.ts'

/** Nothing is left to do, or one step, or what has to happen first. */
export type Plan = { readonly kind: 'settled' } | Finding

/**
 * One step at a time, from what is seen alone: a process that dies before, in or after any of them leaves nothing that the
 * next one would not find. A rule that waits keeps no later one from acting. A list that a quorum stands behind proves the quorum.
 */
export function planMembers(seen: Snapshot): Plan {
  const { members } = seen
  if (!members) {
    const noList = wait('no member gives a list that a quorum stands behind')
    return replicasForClaims(seen) ?? replaceAway(seen) ?? noList
  }
  const other = members.find(({ ordinal }) => ordinal === undefined)
  if (other) return wait(`member ${other.id} has a peer URL that is none of this control plane's`)
  const listed = { ...seen, members }
  const findings = rules.flatMap(rule => rule(listed) ?? [])
  return findings.find(({ kind }) => kind === 'step') ?? findings[0] ?? replaceServing(listed) ?? { kind: 'settled' }
}

const rules = [
  markProven,
  replicasForMembers,
  dropLost,
  dropSurplus,
  promoteLearner,
  grow, // before the pods of others that join: their file has to have all
  beginLearner,
  lowerReplicas,
  clearClaims,
  replaceAway,
] as const

/**
 * A claim from before marks: the voter that runs on it has said who it is. A learner on such a claim is another matter: it may
 * have begun on one that is gone.
 */
function markProven(seen: Listed): Finding | undefined {
  for (const member of seen.members) {
    const { id, ordinal } = member
    const claim = ordinal === undefined ? undefined : seen.claims.get(ordinal)
    if (ordinal === undefined || !claim || claim.mark !== undefined || claim.isGoing || !member.isVoter) continue
    if (claim.othersName !== undefined) continue
    if (isAnswering(seen, member)) return take({ kind: 'markClaim', ordinal, uid: claim.uid, to: id, isRoot: true })
  }
  return undefined
}

// Whether the members are as many as they should be, and what comes next — core
import { controlPlaneCondition, scaleDownMembersAnnotation } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import { isHibernating } from '../../../facts/hibernation.ts'
import { podTrouble } from '../../../facts/pods.ts'
import type { Observed } from '../../../observed.ts'
import { isDatastoreReady } from '../formed.ts'
import { type Plan, planMembers } from './plan.ts'
import { askedMembers, hasSeveral, membersSeen, replicasOf, wantedMembers } from './seen.ts'
import { type Finding, isOfEtcd, type Step } from './step.ts'

const { datastoreReason } = controlPlaneCondition

/** A snapshot does not change, and each is asked by several phases. */
const plans = new WeakMap<Observed, Plan | undefined>()

/** `undefined` while there is nothing to plan: one member, or none yet; and while they are to rest as they are. */
export function planSeen(observed: Observed): Plan | undefined {
  if (!plans.has(observed)) plans.set(observed, newPlan(observed))
  return plans.get(observed)
}

function newPlan(observed: Observed): Plan | undefined {
  const seen = hasSeveral(observed) && !isHibernating(observed) ? membersSeen(observed) : undefined
  return seen && planMembers(seen)
}

/**
 * A pod of k0s that connects to a member that still learns is refused everything, and stays with it: none is made or
 * replaced while members change. Nor while one is missing: another failure would be one too many.
 */
export function isDatastoreWhole(observed: Observed): boolean {
  const plan = planSeen(observed)
  if (!plan) return isDatastoreReady(observed)
  return plan.kind === 'settled' && readyMembers(observed) >= replicasOf(observed)
}

/**
 * Those that were there before serve, and nobody is to come, to go or still learns. Where that cannot go on, as with a member
 * that does not answer, k0s does not wait for it: a cluster that is awake serves on then, too.
 */
export function mayWake(observed: Observed): boolean {
  const { datastoreMembers } = observed
  if (!isDatastoreReady(observed)) return false
  if (hasSeveral(observed) && !datastoreMembers) return false // they are being asked
  const learns = datastoreMembers?.members?.some(({ isVoter }) => !isVoter) ?? false
  return !learns && planSeen(observed)?.kind !== 'step'
}

/** Of a datastore that serves. */
export function standing(observed: Observed): Wait {
  const plan = planSeen(observed)
  if (plan && plan.kind !== 'settled' && !isAtRest(observed, plan)) {
    return { reason: datastoreReason.changingMembers, message: `${changing(observed, plan)}${ofPods(observed)}` }
  }
  const [ready, all] = [readyMembers(observed), replicasOf(observed)]
  const several = `${ready} of ${all} etcd members are ready${ofPods(observed)}${kept(observed)}`
  return { reason: datastoreReason.available, message: all <= 1 ? 'the etcd member is ready' : several }
}

function changing(observed: Observed, plan: Finding): string {
  if (plan.kind === 'wait' && plan.isRoll) return `replacing pods: ${plan.message}`
  const members = `changing to ${counted(wantedMembers(observed))}`
  if (plan.kind === 'wait') return `${members}: ${plan.message}`
  const { refusal } = observed.datastoreMembers ?? {}
  const said = refusal === undefined || !isOfEtcd(plan.step) ? '' : `; etcd did not do it yet: ${refusal}`
  return `${plan.step.kind === 'replacePod' ? 'replacing pods' : members}: ${words(plan.step)}${said}`
}

/**
 * As far as it is known: a manager that has just begun has not asked anybody yet, and one question may be lost. What was true
 * before is told until then, and nothing is done.
 */
function isAtRest(observed: Observed, plan: Plan): boolean {
  const { members, isSilent = false } = observed.datastoreMembers ?? {}
  return plan.kind === 'wait' && !members && !isSilent && replicasOf(observed) === wantedMembers(observed)
}

/** An autoscaler does not know that it would take volumes away. */
function kept(observed: Observed): string {
  return wantedMembers(observed) > askedMembers(observed) && observed.keepsMembers
    ? `; no member goes for what was written through /scale without the annotation ${scaleDownMembersAnnotation}`
    : ''
}

/** What keeps one of them from being ready. */
function ofPods(observed: Observed): string {
  const trouble = podTrouble(observed, observed.datastoreSet, observed.datastorePods)
  return trouble ? `; ${trouble.message}` : ''
}

function readyMembers({ datastoreSet }: Observed): number {
  return datastoreSet?.status?.readyReplicas ?? 0
}

function counted(members: number): string {
  return members === 1 ? '1 etcd member' : `${members} etcd members`
}

function words(step: Step): string {
  switch (step.kind) {
    case 'createClaim':
      return `making the volume of member ${step.ordinal}`
    case 'markClaim':
      return `marking the volume of member ${step.ordinal}`
    case 'deleteClaim':
      return `deleting the volume that member ${step.ordinal} had`
    case 'deletePod':
      return `making the pod of member ${step.ordinal} anew`
    case 'replacePod':
      return `replacing the pod of member ${step.ordinal}`
    case 'setReplicas':
      return `setting the StatefulSet to ${step.replicas}`
    case 'addLearner':
      return `adding member ${step.ordinal}`
    case 'promote':
      return `letting member ${step.id} vote`
    case 'moveLeader':
      return `letting member ${step.to} lead`
    case 'remove':
      return `removing member ${step.id}`
  }
}

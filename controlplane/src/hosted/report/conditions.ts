// The conditions that every kind reports after a pass — core
import {
  type Condition,
  controlPlaneCondition,
  notSupported,
  notSupportedCondition,
  type ObjectMeta,
  pathsNotSupported,
  pausedCondition,
} from '@k0smotron-ts/api'
import { type Applied, type ConditionDraft, conditionIn, type Outcome, type Wait } from '@k0smotron-ts/runtime'
import { afterChange } from '../facts/rollout.ts'
import type { Observed } from '../observed.ts'
import { summarize } from '../phases.ts'
import { expiringCondition } from './expiring.ts'
import { withRefusals } from './refused.ts'

const { available, deleting, deletingReason } = controlPlaneCondition

/** A condition as it was reported last. */
export function reportedDraft(
  reported: { readonly conditions?: readonly Condition[] } | undefined,
  type: string,
): ConditionDraft | undefined {
  const known = conditionIn(reported?.conditions, type)
  return known && { type, status: known.status, reason: known.reason, message: known.message }
}

/** Whether the field was said to have no effect, and the spec is still the same. */
export function wasUnsupported({ metadata, status }: Reporting, path: string): boolean {
  const known = conditionIn(status?.conditions, notSupported)
  const isOfThisSpec = known?.status === 'True' && known.observedGeneration === metadata.generation
  return isOfThisSpec && pathsNotSupported(known.message).includes(path)
}

interface Reporting {
  readonly metadata: ObjectMeta
  readonly status?: { readonly conditions?: readonly Condition[] }
}

/** What the phases say, with what the API server refused: availability names the cause, which may be such a refusal. */
export function answeredOutcomes(
  observed: Observed,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): readonly Outcome[] {
  return summarize(
    observed,
    outcomes.map(outcome => ({ ...outcome, conditions: withRefusals(outcome, applied) })),
  )
}

/** After a pass that decided. */
export function settledConditions(
  observed: Observed,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): readonly ConditionDraft[] {
  return [
    ...outcomes.flatMap(outcome => withRefusals(outcome, applied)).map(draft => afterChange(observed, draft)),
    ...unsupportedCondition(observed),
    ...expiringCondition(observed),
    pausedCondition.notPaused,
    { type: deleting, status: 'False' as const, reason: deletingReason.notDeleting, message: '' },
  ]
}

/** After a pass that could not decide: the wait is said where people look first. */
export function waitingConditions(observed: Observed, { reason, message }: Wait): readonly ConditionDraft[] {
  const status = observed.memory.initialized ? ('Unknown' as const) : ('False' as const)
  return [{ type: available, status, reason, message }, ...unsupportedCondition(observed), pausedCondition.notPaused]
}

/** While paused: that nothing will change. */
export function pausedConditions(isGoing: boolean): readonly ConditionDraft[] {
  return [pausedCondition.paused, ...(isGoing ? [deletingCondition('nothing is deleted while paused')] : [])]
}

/** While being deleted: what is still there. */
export function deletingConditions(message: string): readonly ConditionDraft[] {
  return [deletingCondition(message), pausedCondition.notPaused]
}

function deletingCondition(message: string): ConditionDraft {
  return { type: deleting, status: 'True', reason: deletingReason.deleting, message }
}

function unsupportedCondition({ unsupported }: Observed): ConditionDraft[] {
  return notSupportedCondition(unsupported.map(({ path }) => path))
}

// The status of a control plane — core
import {
  controlPlaneCondition,
  hostPort,
  isPaused,
  type K0smotronControlPlaneStatus,
  managedByAnnotation,
  notSupportedCondition,
  pausedCondition,
} from '@k0smotron-ts/api'
import {
  type Action,
  type Applied,
  type ConditionDraft,
  type Outcome,
  type Wait,
  withConditions,
} from '@k0smotron-ts/runtime'
import { renderInfrastructure } from '../../../hosted/phases/infrastructure.ts'
import { summarize } from '../../../hosted/phases.ts'
import { provisionedFields } from '../../../infrastructure/infrastructure-kind.ts'
import type { Snapshot } from '../snapshot.ts'
import { countersOf, lastingOf } from './counters.ts'
import { movableCondition, preparedCondition } from './movable.ts'
import { type Refused, refusalOf, withRefusals } from './refused.ts'

export interface StatusDraft extends Omit<K0smotronControlPlaneStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

const { available, deleting, deletingReason, infrastructureProvisioned, infrastructureReason } = controlPlaneCondition

/** What a pass decided and wrote. */
export interface Pass {
  readonly observed: Snapshot
  readonly verdict: Verdict
  readonly applied: readonly Applied[]
  readonly action: Action
}

/** What a pass came to: all that its status is made from, with what was refused. */
export type Verdict =
  | { readonly kind: 'paused' | 'prepared' }
  /** Nothing but marks on objects was written; there is nothing to say unless it was refused. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'waiting'; readonly wait: Wait }
  /** `message`: what is still there; absent when nothing is. */
  | { readonly kind: 'deleting'; readonly message?: string }
  | { readonly kind: 'kept'; readonly outcomes: readonly Outcome[] }

/** Absent when there is nothing to say. */
export function statusOf({ observed, verdict, applied }: Pass): StatusDraft | undefined {
  const refused = refusalOf(applied)
  switch (verdict.kind) {
    case 'paused':
      return pausedStatus(observed)
    case 'waiting':
      return waitingStatus(observed, verdict.wait)
    case 'claimed':
      return refused && waitingStatus(observed, refused)
    case 'prepared': {
      const isDone = applied.every(({ result }) => result !== 'refused')
      return isDone || refused ? preparedStatus(observed, refused) : undefined
    }
    case 'deleting': {
      const message = refused?.message ?? verdict.message
      return message === undefined ? undefined : deletingStatus(observed, message)
    }
    case 'kept':
      return settledStatus(observed, allOutcomes(observed, verdict.outcomes, applied), applied)
  }
}

/** Availability names the cause, which may be what the API server refused. */
function allOutcomes(
  { hosted }: Snapshot,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): readonly Outcome[] {
  const answered = outcomes.map(outcome => ({ ...outcome, conditions: withRefusals(outcome, applied) }))
  return [...summarize(hosted, answered), renderInfrastructure(hosted)]
}

/** After a pass that decided: what every phase says, and what the API server refused. */
export function settledStatus(
  observed: Snapshot,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): StatusDraft {
  const conditions = [
    ...outcomes.flatMap(outcome => withRefusals(outcome, applied)),
    ...unsupportedCondition(observed),
    ...unreadableInfrastructure(observed),
    ...movableCondition(observed),
    pausedCondition.notPaused,
    { type: deleting, status: 'False' as const, reason: deletingReason.notDeleting, message: '' },
  ]
  return { ...countersOf(observed, conditions), ...lastingOf(observed), conditions }
}

/** After a pass that could not decide: what was known stays, and the wait is said where people look first. */
export function waitingStatus(observed: Snapshot, { reason, message }: Wait): StatusDraft {
  const isUp = observed.controlPlane.status?.initialization?.controlPlaneInitialized === true
  const wait = { type: available, status: isUp ? ('Unknown' as const) : ('False' as const), reason, message }
  return withConditions(observed.controlPlane.status, [
    wait,
    ...unsupportedCondition(observed),
    pausedCondition.notPaused,
  ])
}

/** While paused: everything as it was, and that nothing will change. */
export function pausedStatus({ controlPlane }: Snapshot): StatusDraft {
  const isGoing = controlPlane.metadata.deletionTimestamp !== undefined
  return withConditions(controlPlane.status, [
    pausedCondition.paused,
    ...(isGoing ? [deletingCondition(untilUnpaused)] : []),
  ])
}

const untilUnpaused = 'nothing is deleted while paused'

function deletingCondition(message: string): ConditionDraft {
  return { type: deleting, status: 'True', reason: deletingReason.deleting, message }
}

/** While prepared for a move: everything as it was, and what was left behind. */
export function preparedStatus(observed: Snapshot, refused: Refused | undefined): StatusDraft {
  const { cluster, controlPlane } = observed
  const paused = isPaused(cluster, controlPlane) ? pausedCondition.paused : pausedCondition.notPaused
  return withConditions(controlPlane.status, [preparedCondition(observed, refused), paused])
}

/** While being deleted: what is still there. */
export function deletingStatus(observed: Snapshot, message: string): StatusDraft {
  return withConditions(observed.controlPlane.status, [deletingCondition(message), pausedCondition.notPaused])
}

function unsupportedCondition({ hosted }: Snapshot): ConditionDraft[] {
  return notSupportedCondition(hosted.unsupported.map(({ path }) => path))
}

/** Whoever runs without the right to infrastructure has to do what we would do with it. */
function unreadableInfrastructure({ mayNotReadInfrastructure, cluster, hosted }: Snapshot): ConditionDraft[] {
  const ref = cluster?.spec?.infrastructureRef
  const { endpoint } = hosted.exposure
  if (!mayNotReadInfrastructure || !ref) return []
  const value = endpoint ? hostPort(endpoint) : 'the endpoint of the control plane'
  const provisioned = `${provisionedFields.join(' or ')}, whichever its contract has,`
  const message = `this provider may not read ${ref.kind} ${ref.name}: if that waits for an endpoint, set its spec.controlPlaneEndpoint to ${value}; if it has the annotation ${managedByAnnotation}: k0smotron, then set its ${provisioned} to true: else no Machine starts`
  return [{ type: infrastructureProvisioned, status: 'Unknown', reason: infrastructureReason.mayNotRead, message }]
}

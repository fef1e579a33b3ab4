// The status of a control plane — core
import {
  controlPlaneCondition,
  hostPort,
  isPaused,
  type K0smotronControlPlane,
  type K0smotronControlPlaneStatus,
  managedByAnnotation,
  pausedCondition,
  preparedVersionAnnotation,
} from '@k0smotron-ts/api'
import { type Action, type Applied, type ConditionDraft, type Outcome, withConditions } from '@k0smotron-ts/runtime'
import { renderInfrastructure } from '../../../hosted/phases/infrastructure.ts'
import { answeredOutcomes, settledConditions } from '../../../hosted/report/conditions.ts'
import { type Refused, refusalOf } from '../../../hosted/report/refused.ts'
import { heldConditions, type Verdict } from '../../../hosted/report/verdict.ts'
import { provisionedFields } from '../../../infrastructure/infrastructure-kind.ts'
import type { Snapshot } from '../snapshot.ts'
import { countersOf, lastingOf } from './fields.ts'
import { movableCondition, preparedCondition } from './movable.ts'

export interface StatusDraft extends Omit<K0smotronControlPlaneStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

const { infrastructureProvisioned, infrastructureReason } = controlPlaneCondition

/** What a pass decided and wrote. */
export interface Pass {
  readonly observed: Snapshot
  readonly verdict: Verdict | { readonly kind: 'prepared' }
  readonly applied: readonly Applied[]
  readonly action: Action
}

/** Absent when there is nothing to say. */
export function statusOf({ observed, verdict, applied }: Pass): StatusDraft | undefined {
  const { controlPlane, hosted } = observed
  if (verdict.kind === 'kept') {
    return settledStatus(observed, answeredOutcomes(hosted, verdict.outcomes, applied), applied)
  }
  if (verdict.kind === 'prepared') {
    const refused = refusalOf(applied)
    const isDone = applied.every(({ result }) => result !== 'refused')
    return isDone || refused ? preparedStatus(observed, refused) : undefined
  }
  const said = heldConditions(hosted, verdict, applied)
  return said && withConditions(controlPlane.status, said)
}

/** After a pass that decided: what every phase says, and what the API server refused. */
export function settledStatus(
  observed: Snapshot,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): StatusDraft {
  const { hosted } = observed
  const conditions = [
    ...settledConditions(hosted, [...outcomes, renderInfrastructure(hosted)], applied),
    ...unreadableInfrastructure(observed),
    ...movableCondition(observed),
  ]
  return { ...countersOf(observed, conditions), ...lastingOf(observed), conditions }
}

/** While prepared for a move: everything as it was, before the move too, and what was left behind. */
export function preparedStatus(observed: Snapshot, refused: Refused | undefined): StatusDraft {
  const { cluster, controlPlane } = observed
  const paused = isPaused(cluster, controlPlane) ? pausedCondition.paused : pausedCondition.notPaused
  const said = [preparedCondition(observed, refused), paused]
  return { ...noted(controlPlane), ...withConditions(controlPlane.status, said) }
}

/** Without it Cluster API would make no Machine where the control plane was moved to, look for no node, and never move it back. */
function noted({ metadata }: K0smotronControlPlane): Partial<K0smotronControlPlaneStatus> {
  const version = metadata.annotations?.[preparedVersionAnnotation]
  if (version === undefined) return {}
  return { initialization: { controlPlaneInitialized: true }, externalManagedControlPlane: true, version }
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

// The status of a control plane — core
import {
  blockMoveAnnotation,
  controlPlaneCondition,
  type K0smotronControlPlaneStatus,
  notSupportedCondition,
  pausedCondition,
} from '@k0smotron-ts/api'
import { type Applied, type ConditionDraft, kept, type Outcome, timeText, type Wait } from '@k0smotron-ts/runtime'
import { isInitialized } from '../../hosted/availability.ts'
import { earliestExpiry } from '../../hosted/certificates.ts'
import { exposureOf } from '../../hosted/exposure.ts'
import { selectorOf } from '../../hosted/identity.ts'
import { unsupportedFields } from '../../hosted/not-supported.ts'
import type { Observed } from '../../hosted/observed.ts'
import { isReady, podsOf } from '../../hosted/pod-trouble.ts'
import { isUpToDate } from '../../hosted/rollout.ts'
import { runningVersions } from '../../hosted/running-versions.ts'
import { withRefusals } from './refused.ts'

export interface StatusDraft extends Omit<K0smotronControlPlaneStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

const { available, deleting, deletingReason, movable, movableReason } = controlPlaneCondition

/** After a pass that decided: what every phase says, and what the API server refused. */
export function settledStatus(
  observed: Observed,
  outcomes: readonly Outcome[],
  applied: readonly Applied[],
): StatusDraft {
  const conditions = [
    ...outcomes.flatMap(outcome => withRefusals(outcome, applied)),
    ...unsupportedCondition(observed),
    ...movableCondition(observed),
    pausedCondition.free,
    { type: deleting, status: 'False' as const, reason: deletingReason.notDeleting, message: '' },
  ]
  return { ...countersOf(observed), ...lastingOf(observed), conditions }
}

/** After a pass that could not decide: what was known stays, and the wait is said where people look first. */
export function waitingStatus(observed: Observed, { reason, message }: Wait): StatusDraft {
  const isUp = observed.controlPlane.status?.initialization?.controlPlaneInitialized === true
  const wait = { type: available, status: isUp ? ('Unknown' as const) : ('False' as const), reason, message }
  return kept(observed.controlPlane.status, [wait, ...unsupportedCondition(observed), pausedCondition.free])
}

/** While paused: everything as it was, and that nothing will change. */
export function heldStatus(observed: Observed): StatusDraft {
  return kept(observed.controlPlane.status, [pausedCondition.held])
}

/** While being deleted: what is still there. */
export function deletingStatus(observed: Observed, message: string): StatusDraft {
  return kept(observed.controlPlane.status, [
    { type: deleting, status: 'True', reason: deletingReason.deleting, message },
  ])
}

function unsupportedCondition(observed: Observed): ConditionDraft[] {
  return notSupportedCondition(unsupportedFields(observed).map(({ path }) => path))
}

/** While our annotation holds `clusterctl move`. */
function movableCondition({ controlPlane }: Observed): ConditionDraft[] {
  const { annotations } = controlPlane.metadata
  if (annotations?.[blockMoveAnnotation] === undefined) return []
  const message = `pods and volumes stay where they are; to move the objects alone, take the annotation ${blockMoveAnnotation} off`
  return [{ type: movable, status: 'False', reason: movableReason.podsAndVolumesStay, message }]
}

/** Pointers of the contract: 0 is said, absence means not known (CT-C04). */
function countersOf(observed: Observed): Partial<K0smotronControlPlaneStatus> {
  const pods = podsOf(observed, 'cluster')
  const ready = pods.filter(isReady)
  return {
    selector: Object.entries(selectorOf(observed, 'cluster'))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: availableOf(observed, ready.length),
    upToDateReplicas: pods.filter(pod => isUpToDate(observed, pod)).length,
  }
}

/** Not asked yet, just after a start: what was known stays. */
function availableOf({ hostedAPI, controlPlane }: Observed, ready: number): number {
  if (!hostedAPI) return Math.min(controlPlane.status?.availableReplicas ?? 0, ready)
  return hostedAPI.ready ? ready : 0
}

/** What, once known, stays known while pods come and go. Core makes no worker Machine before it reads a version. */
function lastingOf(observed: Observed): Partial<K0smotronControlPlaneStatus> {
  const { status } = observed.controlPlane
  const versions = runningVersions(observed)
  const version = versions[0]?.version ?? status?.version
  const { ports, type: serviceType } = exposureOf(observed)
  const publishedEndpoint = observed.published ?? status?.publishedEndpoint
  const expiry = earliestExpiry(observed)
  return {
    initialization: { controlPlaneInitialized: isInitialized(observed) },
    externalManagedControlPlane: true,
    ...(version !== undefined && isInitialized(observed) && { version }),
    ...(versions.length > 0 && isInitialized(observed) && { versions }),
    ...(ports && { ports: { ...ports, serviceType } }),
    ...(publishedEndpoint && { publishedEndpoint }),
    ...(expiry && { certificatesExpireAt: timeText(expiry) }),
  }
}

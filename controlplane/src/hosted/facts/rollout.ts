// Whether pods are being replaced, added or removed — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { ConditionDraft, Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'
import { isHibernating } from './hibernation.ts'
import { isLookedAt } from './looked-at.ts'
import { wantedReplicas } from './members.ts'
import { isUpToDate } from './pods.ts'
import type { RollPlan } from './roll-plan.ts'

const { rolloutReason: reason, rollingOut, scalingDown, scalingUp } = controlPlaneCondition

/** `unrendered`: why the StatefulSet is not made from the spec. */
export function rolloutConditions(
  observed: Observed,
  unrendered: Wait | undefined,
  { waitsFor }: Pick<RollPlan, 'waitsFor'> = {},
): ConditionDraft[] {
  const pods = observed.k0sPods
  const wanted = observed.k0sSet ? wantedOf(observed, unrendered) : 0
  const withWait = (what: string) => (waitsFor === undefined ? what : `${what}; waiting for ${waitsFor}`)
  return [
    rollingCondition(observed, unrendered, withWait),
    flag(
      scalingUp,
      pods.length < wanted && withWait(`${pods.length} of ${wanted} pods exist`),
      reason.scalingUp,
      reason.notScalingUp,
    ),
    flag(
      scalingDown,
      pods.length > wanted && withWait(`${pods.length} pods exist, ${wanted} wanted`),
      reason.scalingDown,
      reason.notScalingDown,
    ),
  ]
}

/** The live number while the spec is not applied; none while it hibernates, which waits for nothing else. */
function wantedOf(observed: Observed, unrendered: Wait | undefined): number {
  if (isHibernating(observed)) return 0
  return unrendered ? (observed.k0sSet?.spec?.replicas ?? 0) : wantedReplicas(observed)
}

function rollingCondition(
  observed: Observed,
  unrendered: Wait | undefined,
  withWait: (what: string) => string,
): ConditionDraft {
  const pods = observed.k0sPods
  const unknown = pods.length === 0 ? undefined : (notApplied(observed, unrendered) ?? notObserved(observed))
  if (unknown) return { type: rollingOut, status: 'Unknown', ...unknown }
  const outdated = pods.filter(pod => !isUpToDate(observed, pod)).length
  const message = outdated > 0 && !isHibernating(observed) && withWait(`replacing ${outdated} of ${pods.length} pods`)
  return flag(rollingOut, message, reason.rollingOut, reason.notRollingOut)
}

/** What was decided before a pass changed the StatefulSet, as it is after that. */
export function afterChange(observed: Observed, draft: ConditionDraft): ConditionDraft {
  if (draft.type !== rollingOut || draft.status === 'Unknown' || observed.k0sPods.length === 0) return draft
  const unknown = notObserved(observed)
  return unknown ? { type: rollingOut, status: 'Unknown', ...unknown } : draft
}

/** Pods that run what the StatefulSet says do not run what the spec asks for. */
function notApplied(observed: Observed, unrendered: Wait | undefined): Wait | undefined {
  if (unrendered) return { reason: reason.specNotApplied, message: unrendered.message }
  const paths = observed.unsupported.flatMap(({ path, blocks }) => (blocks ? [path] : []))
  if (paths.length === 0) return undefined
  return { reason: reason.specNotApplied, message: `${paths.join(', ')} cannot be honoured yet` }
}

/** Which revision is the newest is only known once Kubernetes has looked at the StatefulSet as it is now. */
function notObserved({ k0sSet }: Observed): Wait | undefined {
  if (k0sSet?.status?.updateRevision === undefined || isLookedAt(k0sSet)) return undefined
  const message = `waiting for Kubernetes to look at StatefulSet ${k0sSet.metadata.name}`
  return { reason: reason.waitingForStatefulSet, message }
}

function flag(type: string, message: string | false, yes: string, no: string): ConditionDraft {
  return message ? { type, status: 'True', reason: yes, message } : { type, status: 'False', reason: no, message: '' }
}

// Whether pods are being replaced, added or removed — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { ConditionDraft, Pod } from '@k0smotron-ts/runtime'
import { liveSetOf } from './k0s-version.ts'
import type { Observed } from './observed.ts'
import { podsOf } from './pod-trouble.ts'

const { rolloutReason: reason, rollingOut, scalingDown, scalingUp } = controlPlaneCondition

/** Kubernetes writes on each pod which revision of the template it was made from. */
const revisionLabel = 'controller-revision-hash'

/** Whether the pod is made from the newest template; the first pod may be there before its set says what is newest. */
export function isUpToDate(observed: Observed, pod: Pod): boolean {
  const newest = liveSetOf(observed)?.status?.updateRevision
  return newest === undefined || pod.metadata.labels?.[revisionLabel] === newest
}

export function rolloutConditions(observed: Observed): ConditionDraft[] {
  const pods = podsOf(observed, 'cluster')
  const wanted = liveSetOf(observed)?.spec?.replicas ?? 0
  const outdated = pods.filter(pod => !isUpToDate(observed, pod)).length
  return [
    flag(
      rollingOut,
      outdated > 0 && `replacing ${outdated} of ${pods.length} pods`,
      reason.rollingOut,
      reason.notRollingOut,
    ),
    flag(
      scalingUp,
      pods.length < wanted && `${pods.length} of ${wanted} pods exist`,
      reason.scalingUp,
      reason.notScalingUp,
    ),
    flag(
      scalingDown,
      pods.length > wanted && `${pods.length} pods exist, ${wanted} wanted`,
      reason.scalingDown,
      reason.notScalingDown,
    ),
  ]
}

function flag(type: string, message: string | false, yes: string, no: string): ConditionDraft {
  return message ? { type, status: 'True', reason: yes, message } : { type, status: 'False', reason: no, message: '' }
}

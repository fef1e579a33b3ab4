// Whether pods are being replaced, added or removed — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'
import { isUpToDate } from './pods.ts'

const { rolloutReason: reason, rollingOut, scalingDown, scalingUp } = controlPlaneCondition

export function rolloutConditions(observed: Observed): ConditionDraft[] {
  const pods = observed.k0sPods
  const wanted = observed.k0sSet?.spec?.replicas ?? 0
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

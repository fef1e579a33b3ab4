// How pods of k0s are replaced where there are several: by us, and never by Kubernetes — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Effect } from '@k0smotron-ts/runtime'
import { isReplacedByUs } from '../../facts/members.ts'
import { isOnDelete, removal, takeOver } from '../../facts/own-order.ts'
import type { RollPlan } from '../../facts/roll-plan.ts'
import type { Observed } from '../../observed.ts'

const concerns = controlPlaneCondition.controlPlaneComponentsHealthy

/** Before a live set that rolls by itself may get a second pod. */
export function ownOrder(observed: Observed): readonly Effect[] {
  const { k0sSet } = observed
  return k0sSet && !isOnDelete(k0sSet) && isReplacedByUs(observed) ? [takeOver(k0sSet, concerns)] : []
}

export function replacement({ k0sPods }: Observed, { podToReplace }: RollPlan): readonly Effect[] {
  const pod = k0sPods.find(({ metadata }) => podToReplace !== undefined && metadata.name === podToReplace)
  return pod ? [removal(pod, concerns)] : []
}

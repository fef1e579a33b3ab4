// How pods of k0s are replaced where there are several: by us, and never by Kubernetes — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Effect, guards, pods, statefulSets } from '@k0smotron-ts/runtime'
import { isOnDelete, isReplacedByUs } from '../../facts/members.ts'
import { isReady } from '../../facts/pods.ts'
import type { RollPlan } from '../../facts/roll-plan.ts'
import type { Observed } from '../../observed.ts'

const concerns = controlPlaneCondition.controlPlaneComponentsHealthy

/**
 * Before a live set that rolls by itself may get a second pod. A patch, because it replaces what the API server filled in
 * for the other strategy, and would then refuse beside this one.
 */
export function ownOrder(observed: Observed): readonly Effect[] {
  const { k0sSet } = observed
  if (!k0sSet || isOnDelete(observed) || !isReplacedByUs(observed)) return []
  const strategy = { op: 'replace' as const, path: '/spec/updateStrategy', value: { type: 'OnDelete' } }
  return [
    { type: statefulSets, object: k0sSet, change: { patch: { operations: [...guards(k0sSet), strategy] } }, concerns },
  ]
}

/**
 * One that serves is evicted: so its PodDisruptionBudget decides whether it goes now or a pod that is drained. One that does not
 * is deleted as it was seen, and left alone if it has got ready since: no budget must keep what is broken.
 */
export function replacement({ k0sPods }: Observed, { podToReplace }: RollPlan): readonly Effect[] {
  const object = k0sPods.find(({ metadata }) => podToReplace !== undefined && metadata.name === podToReplace)
  return object ? [{ type: pods, object, change: isReady(object) ? 'evict' : 'delete', concerns }] : []
}

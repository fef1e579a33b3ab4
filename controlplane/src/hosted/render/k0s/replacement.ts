// How pods of k0s are replaced where there are several: by us, and never by Kubernetes — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Effect, guards, pods, statefulSets } from '@k0smotron-ts/runtime'
import { isOnDelete, isReplacedByUs } from '../../facts/members.ts'
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

/** The very pod that was seen, as it was seen: one that has got ready since is left alone. */
export function replacement({ k0sPods }: Observed, { podToDelete }: RollPlan): readonly Effect[] {
  const object = k0sPods.find(({ metadata }) => podToDelete !== undefined && metadata.name === podToDelete)
  return object ? [{ type: pods, object, change: 'delete', concerns }] : []
}

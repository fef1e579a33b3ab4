// StatefulSets whose pods are replaced by us, in an order of our own — core
import { type Effect, guards, type Pod, pods, type StatefulSet, statefulSets } from '@k0smotron-ts/runtime'
import { isReady } from './pods.ts'

/** Kubernetes replaces no pod of it by itself. */
export function isOnDelete(set: StatefulSet | undefined): boolean {
  return set?.spec?.updateStrategy?.type === 'OnDelete'
}

/**
 * A patch, because it replaces what the API server filled in for the other strategy, and would then refuse beside this one.
 */
export function takeOver(set: StatefulSet, concerns: string): Effect {
  const strategy = { op: 'replace' as const, path: '/spec/updateStrategy', value: { type: 'OnDelete' } }
  return { type: statefulSets, object: set, change: { patch: { operations: [...guards(set), strategy] } }, concerns }
}

/**
 * One that serves is evicted: so its PodDisruptionBudget decides whether it goes now or a pod that is drained. One that does not
 * is deleted as it was seen, and left alone if it has got ready since: no budget must keep what is broken.
 */
export function removal(pod: Pod, concerns: string): Effect {
  return { type: pods, object: pod, change: isReady(pod) ? 'evict' : 'delete', concerns }
}

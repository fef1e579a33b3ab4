// The patches to our own objects: finalizer and provider IDs — core
import type { KubeObject } from '@k0smotron-ts/api'
import { finalizerAddition, finalizerRemoval, type GuardedPatch, guards } from '@k0smotron-ts/runtime'

/** On every object with machines behind it. */
const finalizer = 'infrastructure.cluster.x-k8s.io/lab'

/** Before a machine is switched on: one that exists without the finalizer would be left behind. */
export function claiming(object: KubeObject): GuardedPatch | undefined {
  const addition = finalizerAddition(object, finalizer)
  return addition.length === 0 ? undefined : { operations: [...guards(object), ...addition] }
}

export function releasing(object: KubeObject): GuardedPatch | undefined {
  return finalizerRemoval(object, finalizer)
}

/**
 * Of the spec of an infrastructure object, these fields are the provider's to fill (contract: InfraMachine: provider ID). Whatever else was changed
 * meanwhile, the value is the same.
 */
export function filling(
  { metadata }: KubeObject,
  field: 'providerID' | 'providerIDList',
  value: string | readonly string[],
): GuardedPatch {
  return {
    operations: [
      { op: 'test', path: '/metadata/uid', value: metadata.uid },
      { op: 'add', path: `/spec/${field}`, value },
    ],
  }
}

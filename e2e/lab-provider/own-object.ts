// The patches to our own objects: finalizer and provider IDs — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { GuardedPatch } from '@k0smotron-ts/runtime'

/** On every object with machines behind it. */
export const finalizer = 'infrastructure.cluster.x-k8s.io/lab'

/** Before a machine is switched on: one that exists without the finalizer would be left behind. */
export function finalizerAddition({ metadata }: KubeObject): GuardedPatch | undefined {
  const { finalizers } = metadata
  if (finalizers?.includes(finalizer)) return undefined
  const addition = finalizers
    ? ({ op: 'add', path: '/metadata/finalizers/-', value: finalizer } as const)
    : ({ op: 'add', path: '/metadata/finalizers', value: [finalizer] } as const)
  return { operations: [...guards(metadata), addition] }
}

/** The `test` refuses to remove what moved to another place in the list meanwhile. */
export function finalizerRemoval({ metadata }: KubeObject): GuardedPatch | undefined {
  const index = metadata.finalizers?.indexOf(finalizer) ?? -1
  if (index < 0) return undefined
  const path = `/metadata/finalizers/${index}`
  return {
    operations: [
      { op: 'test', path, value: finalizer },
      { op: 'remove', path },
    ],
  }
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

/** Refused when the object is another one, or was changed since we looked. */
function guards({ uid, resourceVersion }: KubeObject['metadata']) {
  return [
    { op: 'test' as const, path: '/metadata/uid', value: uid },
    { op: 'test' as const, path: '/metadata/resourceVersion', value: resourceVersion },
  ]
}

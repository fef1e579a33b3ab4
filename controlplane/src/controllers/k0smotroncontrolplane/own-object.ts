// The patches to our own object: finalizer and endpoint, and nothing else of a user's object (D2) — core
import { controlPlaneFinalizer, type K0smotronControlPlane } from '@k0smotron-ts/api'
import type { GuardedPatch } from '@k0smotron-ts/runtime'
import { type Endpoint, endpointManager } from '../../hosted/exposure.ts'

/** Before anything is made: what exists without the finalizer would be left behind. */
export function finalizerAddition({ metadata }: K0smotronControlPlane): GuardedPatch | undefined {
  const { finalizers } = metadata
  if (finalizers?.includes(controlPlaneFinalizer)) return undefined
  const addition = finalizers
    ? { op: 'add' as const, path: '/metadata/finalizers/-', value: controlPlaneFinalizer }
    : { op: 'add' as const, path: '/metadata/finalizers', value: [controlPlaneFinalizer] }
  return { operations: [...guards(metadata), addition] }
}

/** The `test` refuses to remove what moved to another place in the list meanwhile. */
export function finalizerRemoval({ metadata }: K0smotronControlPlane): GuardedPatch | undefined {
  const index = metadata.finalizers?.indexOf(controlPlaneFinalizer) ?? -1
  if (index < 0) return undefined
  const path = `/metadata/finalizers/${index}`
  return {
    operations: [
      { op: 'test', path, value: controlPlaneFinalizer },
      { op: 'remove', path },
    ],
  }
}

/** A patch, not an apply: an apply would make a deleted object again. */
export function endpointPublication({ metadata }: K0smotronControlPlane, endpoint: Endpoint): GuardedPatch {
  return {
    fieldManager: endpointManager,
    operations: [...guards(metadata), { op: 'add', path: '/spec/controlPlaneEndpoint', value: endpoint }],
  }
}

/** Refused when the object is another one, or was changed since we looked. */
function guards({ uid, resourceVersion }: K0smotronControlPlane['metadata']) {
  return [
    { op: 'test' as const, path: '/metadata/uid', value: uid },
    { op: 'test' as const, path: '/metadata/resourceVersion', value: resourceVersion },
  ]
}

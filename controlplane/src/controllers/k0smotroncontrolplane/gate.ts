// The reasons not to proceed — core
import { controlPlaneCondition, controlPlaneFinalizer, type OwnerReference, ownerOfKind } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import { partsBlockedBy } from '../../hosted/pass/gate.ts'
import type { Snapshot } from './snapshot.ts'

const { anyPhaseReason } = controlPlaneCondition

/** Whether the finalizer is on it: only then may anything be made. */
export function hasFinalizer({ controlPlane }: Snapshot): boolean {
  return controlPlane.metadata.finalizers?.includes(controlPlaneFinalizer) ?? false
}

/** Why nothing can be decided yet. The Cluster, and the owner on our object, are watched. */
export function blockedBy(observed: Snapshot): Wait | undefined {
  const owner = ownerOfKind(observed.controlPlane, 'Cluster')
  if (!owner) {
    return {
      reason: anyPhaseReason.waitingForOwner,
      message: 'waiting for Cluster API to set the owner; does spec.controlPlaneRef of a Cluster name this object?',
    }
  }
  return foreign(observed, owner) ?? partsBlockedBy(observed.hosted)
}

/** The owner may be gone, and it may have another control plane. */
function foreign({ cluster, controlPlane }: Snapshot, { name }: OwnerReference): Wait | undefined {
  const reason = anyPhaseReason.waitingForOwner
  if (!cluster) return { reason, message: `Cluster ${name}, the owner, does not exist` }
  const ref = cluster.spec?.controlPlaneRef
  if (!ref || (ref.kind === controlPlane.kind && ref.name === controlPlane.metadata.name)) return undefined
  return { reason, message: `spec.controlPlaneRef of Cluster ${name} names ${ref.kind} ${ref.name}` }
}

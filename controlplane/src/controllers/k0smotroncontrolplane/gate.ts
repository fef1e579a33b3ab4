// The reasons not to proceed — core
import {
  controlPlaneCondition,
  controlPlaneFinalizer,
  maxClusterNameLength,
  type OwnerReference,
  ownerOfKind,
} from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../../hosted/observed.ts'
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
  return foreign(observed, owner) ?? tooLong(observed.hosted.clusterName) ?? unsupported(observed.hosted)
}

/** The owner may be gone, and it may have another control plane. */
function foreign({ cluster, controlPlane }: Snapshot, { name }: OwnerReference): Wait | undefined {
  const reason = anyPhaseReason.waitingForOwner
  if (!cluster) return { reason, message: `Cluster ${name}, the owner, does not exist` }
  const ref = cluster.spec?.controlPlaneRef
  if (!ref || (ref.kind === controlPlane.kind && ref.name === controlPlane.metadata.name)) return undefined
  return { reason, message: `spec.controlPlaneRef of Cluster ${name} names ${ref.kind} ${ref.name}` }
}

function tooLong(name: string): Wait | undefined {
  if (name.length <= maxClusterNameLength) return undefined
  return {
    reason: anyPhaseReason.clusterNameTooLong,
    message: `the name of Cluster ${name} has ${name.length} characters; pods can be made up to ${maxClusterNameLength}`,
  }
}

/** Only before anything runs: what does run is kept alive, and the condition NotSupported names the field. */
function unsupported(observed: Observed): Wait | undefined {
  if (observed.statefulSets.length > 0) return undefined
  const paths = observed.unsupported.flatMap(({ path, blocks }) => (blocks ? [path] : []))
  if (paths.length === 0) return undefined
  return {
    reason: anyPhaseReason.notSupported,
    message: `${paths.join(', ')} cannot be honoured yet, and the control plane would be wrong without`,
  }
}

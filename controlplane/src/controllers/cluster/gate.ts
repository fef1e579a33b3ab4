// The reasons not to proceed — core
import { clusterFinalizer, controlPlaneCondition, isOfKind, k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import { partsBlockedBy } from '../../hosted/pass/gate.ts'
import type { Snapshot } from './snapshot.ts'

/** Whether the finalizer is on it: only then may anything be made. */
export function hasFinalizer({ cluster }: Snapshot): boolean {
  return cluster.metadata.finalizers?.includes(clusterFinalizer) ?? false
}

/** Why nothing can be decided. */
export function blockedBy({ cluster, hosted }: Snapshot): Wait | undefined {
  const owner = cluster.metadata.ownerReferences?.find(one => isOfKind(one, k0smotronControlPlane))
  if (!owner) return partsBlockedBy(hosted)
  return {
    reason: controlPlaneCondition.anyPhaseReason.ofControlPlane,
    message: `k0smotron made this object for K0smotronControlPlane ${owner.name}, which needs none here; nothing is done for it`,
  }
}

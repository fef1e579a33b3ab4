// When a LabCluster is provisioned, and what it says until then — core
import { type Cluster, isPaused, knownEndpoint, ownerOfKind, pausedCondition } from '@k0smotron-ts/api'
import { type ConditionDraft, type Wait, withConditions } from '@k0smotron-ts/runtime'
import { readyReason } from '../../kinds/conditions.ts'
import type { LabCluster, LabClusterStatus, waitable } from '../../kinds/lab-cluster.ts'
import { isReady, notReady } from '../../report.ts'

export interface StatusDraft extends Omit<LabClusterStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

/** Once provisioned it stays so, whatever becomes of what it waited for (contract: InfraCluster: initialization completed). */
export function statusOf(labCluster: LabCluster, cluster: Cluster | undefined): StatusDraft {
  if (isPaused(cluster, labCluster)) return withConditions(labCluster.status, [pausedCondition.paused])
  const { initialization } = labCluster.status ?? {}
  const wait = initialization?.provisioned ? undefined : waitOf(labCluster, cluster)
  if (wait)
    return { ...(initialization && { initialization }), conditions: [notReady(wait), pausedCondition.notPaused] }
  return { initialization: { provisioned: true }, conditions: [isReady, pausedCondition.notPaused] }
}

/** Each names what ends it, and that is watched. */
function waitOf(labCluster: LabCluster, cluster: Cluster | undefined): Wait | undefined {
  const owner = ownerOfKind(labCluster, 'Cluster')
  if (!owner) return { reason: readyReason.waitingForOwner, message: 'waiting for Cluster API to set the owner' }
  if (!cluster) return { reason: readyReason.waitingForCluster, message: `Cluster ${owner.name} does not exist` }
  return gates[labCluster.spec.waitFor ?? 'Endpoint'](labCluster, cluster)
}

type Gate = (labCluster: LabCluster, cluster: Cluster) => Wait | undefined

const gates: Readonly<Record<(typeof waitable)[number] | 'Endpoint', Gate>> = {
  Nothing: () => undefined,
  ControlPlane: (_, { status }) =>
    status?.initialization?.controlPlaneInitialized
      ? undefined
      : {
          reason: readyReason.waitingForControlPlane,
          message: 'waiting for the control plane of the Cluster to be initialized',
        },
  ClusterEndpoint: (_, cluster) => forEndpoint('of the Cluster', cluster),
  OwnEndpoint: labCluster => forEndpoint('of this object', labCluster),
  Endpoint: (labCluster, cluster) => forEndpoint('of this object or of the Cluster', labCluster, cluster),
}

function forEndpoint(whose: string, ...places: readonly (LabCluster | Cluster)[]): Wait | undefined {
  if (places.some(({ spec }) => knownEndpoint(spec?.controlPlaneEndpoint))) return undefined
  return { reason: readyReason.waitingForEndpoint, message: `waiting for spec.controlPlaneEndpoint ${whose}` }
}

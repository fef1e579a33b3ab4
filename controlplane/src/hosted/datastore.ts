// Phase datastore: etcd, started at the same time as k0s — core
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import type { Outcome, StatefulSet, Wait } from '@k0smotron-ts/runtime'
import { hasCertificates } from './certificates.ts'
import { namesFor } from './identity.ts'
import type { Observed } from './observed.ts'
import { done, waits } from './phase.ts'
import { podTrouble } from './pod-trouble.ts'
import { renderEtcdConfig } from './render/etcd-config.ts'
import { renderEtcdNetworkPolicy } from './render/etcd-network-policy.ts'
import { renderEtcdService } from './render/etcd-service.ts'
import { renderEtcdStatefulSet } from './render/etcd-stateful-set.ts'
import { renderPodDisruptionBudget } from './render/pod-disruption-budget.ts'

const { datastoreAvailable, datastoreReason } = controlPlaneCondition

export function renderDatastore(observed: Observed): Outcome {
  const early = [
    renderEtcdService(observed),
    renderEtcdNetworkPolicy(observed),
    renderPodDisruptionBudget(observed, namesFor(observed).etcd, 'etcd'),
  ]
  const anyAddress = anyAddressOf(observed)
  if (!hasCertificates(observed, 'etcd', 'etcdServer', 'etcdPeer') || !anyAddress) {
    return waits(datastoreAvailable, missingBeforeStart(observed), early)
  }
  const objects: KubeObject[] = [...early, renderEtcdConfig(observed, anyAddress), renderEtcdStatefulSet(observed)]
  const ready = etcdSetOf(observed)?.status?.readyReplicas ?? 0
  return ready > 0
    ? done(datastoreAvailable, { reason: datastoreReason.available, message: 'the etcd member is ready' }, objects)
    : waits(datastoreAvailable, missingMember(observed), objects)
}

function missingBeforeStart(observed: Observed): Wait {
  return hasCertificates(observed, 'etcd', 'etcdServer', 'etcdPeer')
    ? { reason: datastoreReason.waitingForMembers, message: "waiting for etcd's Service" }
    : { reason: datastoreReason.waitingForCertificates, message: "waiting for etcd's certificates" }
}

/** Pods and their events are watched. */
function missingMember(observed: Observed): Wait {
  const trouble = podTrouble(observed, 'etcd')
  return trouble ?? { reason: datastoreReason.waitingForMembers, message: 'waiting for the etcd member to be ready' }
}

function etcdSetOf(observed: Observed): StatefulSet | undefined {
  const { etcd } = namesFor(observed)
  return observed.statefulSets.find(({ metadata }) => metadata.name === etcd)
}

/** Listen on all addresses of the family that the hosting cluster gives; its Service tells which. */
function anyAddressOf(observed: Observed): string | undefined {
  const { etcd } = namesFor(observed)
  const family = observed.services.find(({ metadata }) => metadata.name === etcd)?.spec?.ipFamilies?.[0]
  return family && (family === 'IPv6' ? '[::]' : '0.0.0.0')
}

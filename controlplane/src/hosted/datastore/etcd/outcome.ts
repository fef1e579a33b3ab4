// The objects of etcd and whether it works; it starts at the same time as k0s — core
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import type { Effect, Outcome, Wait } from '@k0smotron-ts/runtime'
import { hasCertificates } from '../../facts/certificates.ts'
import { hibernationWait } from '../../facts/hibernation.ts'
import { isOnDelete, takeOver } from '../../facts/own-order.ts'
import { podTrouble } from '../../facts/pods.ts'
import type { Observed } from '../../observed.ts'
import { done, waits } from '../../phase.ts'
import { renderPodDisruptionBudget } from '../../render/pod-disruption-budget.ts'
import { stopLive } from '../../render/stop.ts'
import { renderEtcdConfig } from './config.ts'
import { isDatastoreReady } from './formed.ts'
import { isReplacedByUs } from './members/seen.ts'
import { standing } from './members/standing.ts'
import { renderEtcdNetworkPolicy } from './network-policy.ts'
import { renderEtcdService } from './service.ts'
import { areStopped, renderEtcdStatefulSet } from './stateful-set.ts'
import { corruption, nearlyFull, outOfSpace } from './upkeep/full.ts'
import { volumeTrouble } from './volume.ts'

const { datastoreAvailable, datastoreReason } = controlPlaneCondition

export function renderEtcd(observed: Observed): Outcome {
  const early = [
    renderEtcdService(observed),
    renderEtcdNetworkPolicy(observed),
    renderPodDisruptionBudget(observed, observed.names.etcd, 'etcd'),
  ]
  const anyAddress = anyAddressOf(observed)
  const wait = volumeTrouble(observed) ?? missingBeforeStart(observed)
  const resting = areStopped(observed) ? hibernationWait(observed) : undefined
  if (wait || !anyAddress) {
    const effects = resting ? stopLive(observed.datastoreSet, datastoreAvailable) : []
    return { ...waits(datastoreAvailable, wait ?? waitingForService, early), effects }
  }
  const objects: KubeObject[] = [...early, renderEtcdConfig(observed, anyAddress), renderEtcdStatefulSet(observed)]
  const effects = ownOrder(observed)
  if (resting) return { ...waits(datastoreAvailable, resting, objects), effects }
  const trouble = corruption(observed) ?? missingMember(observed) ?? outOfSpace(observed)
  if (trouble) return { ...waits(datastoreAvailable, trouble, objects), effects }
  return { ...done(datastoreAvailable, withRoom(observed), objects), effects }
}

function withRoom(observed: Observed): Wait {
  const [stands, near] = [standing(observed), nearlyFull(observed)]
  return near ? { reason: near.reason, message: `${near.message}; ${stands.message}` } : stands
}

/** Before a set that was made for one member gets a second pod; it stays so when one is left. */
function ownOrder(observed: Observed): readonly Effect[] {
  const { datastoreSet: set } = observed
  return set && isReplacedByUs(observed) && !isOnDelete(set) ? [takeOver(set, datastoreAvailable)] : []
}

const waitingForService = { reason: datastoreReason.waitingForMembers, message: "waiting for etcd's Service" }

/** A formed datastore says that all authorities are in use; one that is mended before that may still be replaced. */
function missingBeforeStart(observed: Observed): Wait | undefined {
  return hasCertificates(observed, 'ca', 'proxy', 'etcd', 'sa', 'etcdServer', 'etcdPeer')
    ? undefined
    : { reason: datastoreReason.waitingForCertificates, message: 'waiting for the certificates' }
}

/** Pods and their events are watched. */
function missingMember(observed: Observed): Wait | undefined {
  if (isDatastoreReady(observed)) return undefined
  const trouble = podTrouble(observed, observed.datastoreSet, observed.datastorePods)
  return trouble ?? { reason: datastoreReason.waitingForMembers, message: 'waiting for the etcd member to be ready' }
}

/** Listen on all addresses of the family that the hosting cluster gives; its Service tells which. */
function anyAddressOf(observed: Observed): string | undefined {
  const family = observed.datastoreService?.spec?.ipFamilies?.[0]
  return family && (family === 'IPv6' ? '[::]' : '0.0.0.0')
}

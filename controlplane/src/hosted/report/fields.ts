// What the status of every kind says of pods, ports and dates — core
import { controlPlaneCondition, type HostedStatus } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, timeText } from '@k0smotron-ts/runtime'
import { roomStatus } from '../datastore/room.ts'
import { earliestExpiry } from '../facts/certificates.ts'
import { isReady, isUpToDate } from '../facts/pods.ts'
import { isInitialized } from '../facts/reachability.ts'
import { runningVersions } from '../facts/running-versions.ts'
import { selectorOf } from '../identity.ts'
import type { Observed } from '../observed.ts'

/** Pods, and how many of them are ready. */
export function podCounters(
  observed: Observed,
): Required<Pick<HostedStatus, 'selector' | 'replicas' | 'readyReplicas'>> {
  return {
    selector: Object.entries(selectorOf(observed, 'cluster'))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    replicas: observed.k0sPods.length,
    readyReplicas: observed.k0sPods.filter(isReady).length,
  }
}

/** `undefined`: which revision is the newest is not known. */
export function upToDatePods(observed: Observed, conditions: readonly ConditionDraft[]): number | undefined {
  if (conditionIn(conditions, controlPlaneCondition.rollingOut)?.status === 'Unknown') return undefined
  return observed.k0sPods.filter(pod => isUpToDate(observed, pod)).length
}

/** The lowest version that runs; what was known while none does. Only of a control plane that has answered. */
export function lowestVersion(observed: Observed): string | undefined {
  if (!isInitialized(observed)) return undefined
  return runningVersions(observed)[0]?.version ?? observed.memory.version
}

/** What, once known, stays known while pods come and go. */
export function lastingFields(observed: Observed): Pick<HostedStatus, 'ports' | 'certificatesExpireAt' | 'etcd'> {
  const { ports, type: serviceType } = observed.exposure
  const expiry = earliestExpiry(observed)
  const etcd = roomStatus(observed)
  return {
    ...(ports && { ports: { ...ports, serviceType } }),
    ...(expiry && { certificatesExpireAt: timeText(expiry) }),
    ...(etcd && { etcd }),
  }
}

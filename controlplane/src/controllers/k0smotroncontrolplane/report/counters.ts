// What a status says of pods, versions and dates — core
import { controlPlaneCondition, type K0smotronControlPlaneStatus } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, timeText } from '@k0smotron-ts/runtime'
import { earliestExpiry } from '../../../hosted/facts/certificates.ts'
import { isReady, isUpToDate } from '../../../hosted/facts/pods.ts'
import { isInitialized } from '../../../hosted/facts/reachability.ts'
import { runningVersions } from '../../../hosted/facts/running-versions.ts'
import { selectorOf } from '../../../hosted/identity.ts'
import type { Snapshot } from '../snapshot.ts'

type Part = Partial<K0smotronControlPlaneStatus>

/** Cluster API reads 0 as none, and absence as not known. */
export function countersOf(observed: Snapshot, conditions: readonly ConditionDraft[]): Part {
  const isNewestKnown = conditionIn(conditions, controlPlaneCondition.rollingOut)?.status !== 'Unknown'
  const { hosted } = observed
  const pods = hosted.k0sPods
  const ready = pods.filter(isReady)
  return {
    selector: Object.entries(selectorOf(hosted, 'cluster'))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: availableOf(observed, ready.length),
    ...(isNewestKnown && { upToDateReplicas: pods.filter(pod => isUpToDate(hosted, pod)).length }),
  }
}

/** Not asked yet, just after a start: what was known stays. */
function availableOf({ hosted: { workloadAPI }, controlPlane }: Snapshot, ready: number): number {
  if (!workloadAPI) return Math.min(controlPlane.status?.availableReplicas ?? 0, ready)
  return workloadAPI.ready ? ready : 0
}

/** What, once known, stays known while pods come and go. Core makes no worker Machine before it reads a version. */
export function lastingOf({ controlPlane, hosted, published }: Snapshot): Part {
  const { status } = controlPlane
  const versions = runningVersions(hosted)
  const version = versions[0]?.version ?? status?.version
  const { ports, type: serviceType } = hosted.exposure
  const publishedEndpoint = published ?? status?.publishedEndpoint
  const expiry = earliestExpiry(hosted)
  return {
    initialization: { controlPlaneInitialized: isInitialized(hosted) },
    externalManagedControlPlane: true,
    ...(version !== undefined && isInitialized(hosted) && { version }),
    ...(versions.length > 0 && isInitialized(hosted) && { versions }),
    ...(ports && { ports: { ...ports, serviceType } }),
    ...(publishedEndpoint && { publishedEndpoint }),
    ...(expiry && { certificatesExpireAt: timeText(expiry) }),
  }
}

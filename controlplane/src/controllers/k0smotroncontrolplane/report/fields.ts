// What the status of a K0smotronControlPlane says beside its conditions — core
import type { K0smotronControlPlaneStatus } from '@k0smotron-ts/api'
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import { isInitialized } from '../../../hosted/facts/reachability.ts'
import { runningVersions } from '../../../hosted/facts/running-versions.ts'
import { lastingFields, lowestVersion, podCounters, upToDatePods } from '../../../hosted/report/fields.ts'
import type { Snapshot } from '../snapshot.ts'

type Part = Partial<K0smotronControlPlaneStatus>

/** Cluster API reads 0 as none, and absence as not known. */
export function countersOf(observed: Snapshot, conditions: readonly ConditionDraft[]): Part {
  const counters = podCounters(observed.hosted)
  const upToDateReplicas = upToDatePods(observed.hosted, conditions)
  return {
    ...counters,
    availableReplicas: availableOf(observed, counters.readyReplicas),
    ...(upToDateReplicas !== undefined && { upToDateReplicas }),
  }
}

/** Not asked yet, just after a start: what was known stays. */
function availableOf({ hosted: { workloadAPI }, controlPlane }: Snapshot, ready: number): number {
  if (!workloadAPI) return Math.min(controlPlane.status?.availableReplicas ?? 0, ready)
  return workloadAPI.ready ? ready : 0
}

/** What, once known, stays known while pods come and go. Core makes no worker Machine before it reads a version. */
export function lastingOf({ controlPlane, hosted, published }: Snapshot): Part {
  const versions = runningVersions(hosted)
  const version = lowestVersion(hosted)
  const publishedEndpoint = published ?? controlPlane.status?.publishedEndpoint
  return {
    initialization: { controlPlaneInitialized: isInitialized(hosted) },
    externalManagedControlPlane: true,
    ...(version !== undefined && { version }),
    ...(versions.length > 0 && isInitialized(hosted) && { versions }),
    ...(publishedEndpoint && { publishedEndpoint }),
    ...lastingFields(hosted),
  }
}

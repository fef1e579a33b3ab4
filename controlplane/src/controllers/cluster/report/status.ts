// The status of a Cluster of k0smotron.io, reported — shell
import { type K0smotronClusterStatus, k0smotronCluster } from '@k0smotron-ts/api'
import { type Action, type Applied, type ConditionDraft, type Shell, withConditions } from '@k0smotron-ts/runtime'
import { answeredOutcomes, settledConditions } from '../../../hosted/report/conditions.ts'
import { lastingFields, lowestVersion, podCounters, upToDatePods } from '../../../hosted/report/fields.ts'
import { reportStatus } from '../../../hosted/report/report.ts'
import { heldConditions, type Verdict } from '../../../hosted/report/verdict.ts'
import type { Snapshot } from '../snapshot.ts'

/** What a pass decided and wrote. */
export interface Pass {
  readonly observed: Snapshot
  readonly verdict: Verdict
  readonly applied: readonly Applied[]
  readonly action: Action
}

interface StatusDraft extends Omit<K0smotronClusterStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

export async function report(
  shell: Shell,
  { applied, observed }: Pass,
  status: StatusDraft | undefined,
): Promise<void> {
  const reported = { type: k0smotronCluster, object: observed.cluster, observed: observed.hosted, applied }
  if (status) await reportStatus(shell, reported, status)
}

/** Absent when there is nothing to say. */
export function statusOf({ observed, verdict, applied }: Pass): StatusDraft | undefined {
  const { cluster, hosted } = observed
  if (verdict.kind === 'kept') {
    const conditions = settledConditions(hosted, answeredOutcomes(hosted, verdict.outcomes, applied), applied)
    return { ...fieldsOf(observed, conditions), conditions }
  }
  const said = heldConditions(hosted, verdict, applied)
  return said && withConditions(cluster.status, said)
}

/** The endpoint is published here and in the kubeconfig; once it is in use it stays. */
function fieldsOf(
  { cluster, hosted }: Snapshot,
  conditions: readonly ConditionDraft[],
): Omit<StatusDraft, 'conditions'> {
  const version = lowestVersion(hosted)
  const updatedReplicas = upToDatePods(hosted, conditions)
  const { committed, unpublished } = hosted.exposure
  const publishedEndpoint = unpublished ?? committed ?? cluster.status?.publishedEndpoint
  return {
    ...podCounters(hosted),
    ...(updatedReplicas !== undefined && { updatedReplicas }),
    ...(version !== undefined && { version }),
    ...(publishedEndpoint && { publishedEndpoint }),
    ...lastingFields(hosted),
  }
}

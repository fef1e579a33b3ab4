// The pass over a Cluster that is being deleted — shell
import { clusterFinalizer, k0smotronCluster } from '@k0smotron-ts/api'
import { awaitChange, type Shell } from '@k0smotron-ts/runtime'
import { end } from '../../hosted/pass/end.ts'
import type { Pass } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

export async function finalize(observed: Snapshot, shell: Shell): Promise<Pass> {
  const own = { type: k0smotronCluster, object: observed.cluster, finalizer: clusterFinalizer }
  const { applied, ...left } = await end(observed.hosted, own, shell)
  return { observed, verdict: { kind: 'deleting', ...left }, applied, action: awaitChange }
}

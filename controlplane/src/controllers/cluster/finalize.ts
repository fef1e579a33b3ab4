// The pass over a Cluster that is being deleted — shell
import { clusterFinalizer, k0smotronCluster } from '@k0smotron-ts/api'
import { awaitChange, finalizerRemoval, type Shell } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { endParts } from '../../hosted/pass/end.ts'
import type { Pass } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

/** Deletes the next part; when nothing is left, lets our object go. */
export async function finalize(observed: Snapshot, shell: Shell): Promise<Pass> {
  const { cluster: object } = observed
  const { applied, ...left } = await endParts(observed.hosted, shell)
  const removal = left.message === undefined ? finalizerRemoval(object, clusterFinalizer) : undefined
  const write = removal && (() => shell.patch(k0smotronCluster, object, removal))
  const released = write ? [(await attempt({ object, concerns: '', write })).applied] : []
  return { observed, verdict: { kind: 'deleting', ...left }, applied: [...applied, ...released], action: awaitChange }
}

// What has to go before a control plane may go — shell
import { controlPlaneFinalizer, type KubeObject, k0smotronControlPlane } from '@k0smotron-ts/api'
import { awaitChange, finalizerRemoval, type Shell, statefulSets } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import type { PodComponent } from '../../hosted/identity.ts'
import type { Observed } from '../../hosted/observed.ts'
import type { Pass } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

/** Deletes the next part; when nothing is left, lets our object go. */
export async function finalize(observed: Snapshot, shell: Shell): Promise<Pass> {
  const { controlPlane: object } = observed
  const left = remaining(observed.hosted)
  const removal = left ? undefined : finalizerRemoval(object, controlPlaneFinalizer)
  const writes = [
    ...(left?.deletions ?? []).map(set => () => shell.delete(statefulSets, set, { propagation: 'Foreground' })),
    ...(removal ? [() => shell.patch(k0smotronControlPlane, object, removal)] : []),
  ]
  const attempts = await Promise.all(writes.map(write => attempt<unknown>({ object, concerns: '', write })))
  const message = left?.message
  const verdict = { kind: 'deleting', ...(message !== undefined && { message }) } as const
  return { observed, verdict, applied: attempts.map(({ applied }) => applied), action: awaitChange }
}

/** What is still there, and what to delete now to get on. */
export interface Remaining {
  readonly message: string
  readonly deletions: readonly KubeObject[]
}

/**
 * First k0s, then its datastore: an API server without its datastore takes long to stop. Each goes in the foreground, so that a
 * StatefulSet is gone only after its pods; everything else goes by owner reference. `undefined`: nothing is left.
 *
 * Found by owner and component, never by name: the Cluster that gave the name may be gone.
 */
export function remaining(observed: Observed): Remaining | undefined {
  const { datastore } = observed
  return still(observed, 'cluster', 'control plane pods') ?? still(observed, datastore.component, datastore.members)
}

function still({ statefulSets: sets }: Observed, component: PodComponent, what: string): Remaining | undefined {
  const set = sets.find(({ metadata }) => metadata.labels?.component === component)
  if (!set) return undefined
  const isGoing = set.metadata.deletionTimestamp !== undefined
  const message = `waiting for the ${what} of StatefulSet ${set.metadata.name} to end`
  return { message, deletions: isGoing ? [] : [set] }
}

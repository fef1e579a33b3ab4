// What has to go before a control plane may go — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { PodComponent } from '../../hosted/identity.ts'
import type { Observed } from '../../hosted/observed.ts'

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

function still({ statefulSets }: Observed, component: PodComponent, what: string): Remaining | undefined {
  const set = statefulSets.find(({ metadata }) => metadata.labels?.component === component)
  if (!set) return undefined
  const isGoing = set.metadata.deletionTimestamp !== undefined
  const message = `waiting for the ${what} of StatefulSet ${set.metadata.name} to end`
  return { message, deletions: isGoing ? [] : [set] }
}

// What has to go before a control plane may go — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type Applied, finalizerRemoval, type Shell, statefulSets } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { ownObject, type PodComponent } from '../identity.ts'
import type { Observed } from '../observed.ts'

/** `message`: what is still there; absent when nothing is, and our own object may go. */
export interface Ended {
  readonly applied: readonly Applied[]
  readonly message?: string
}

/** Our own object, and what keeps it from going. */
export interface Own {
  readonly type: ResourceType
  readonly object: KubeObject
  readonly finalizer: string
}

/** Deletes the next part; when nothing is left, lets our object go. */
export async function end(observed: Observed, { type, object, finalizer }: Own, shell: Shell): Promise<Ended> {
  const ended = await endParts(observed, shell)
  const removal = ended.message === undefined ? finalizerRemoval(object, finalizer) : undefined
  if (!removal) return ended
  const write = () => shell.patch(type, object, removal)
  const { applied } = await attempt({ object, concerns: '', write })
  return { ...ended, applied: [...ended.applied, applied] }
}

async function endParts(observed: Observed, shell: Shell): Promise<Ended> {
  const left = remaining(observed)
  if (!left) return { applied: [] }
  const object = ownObject(observed)
  const deletions = left.deletions.map(set =>
    attempt({ object, concerns: '', write: () => shell.delete(statefulSets, set, { propagation: 'Foreground' }) }),
  )
  return { applied: (await Promise.all(deletions)).map(({ applied }) => applied), message: left.message }
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
  const { pods } = observed.datastore
  return still(observed, 'cluster', 'control plane pods') ?? (pods && still(observed, pods.component, pods.members))
}

function still({ statefulSets: sets }: Observed, component: PodComponent, what: string): Remaining | undefined {
  const set = sets.find(({ metadata }) => metadata.labels?.component === component)
  if (!set) return undefined
  const isGoing = set.metadata.deletionTimestamp !== undefined
  const message = `waiting for the ${what} of StatefulSet ${set.metadata.name} to end`
  return { message, deletions: isGoing ? [] : [set] }
}

// What has to go before a control plane may go — core
import type { KubeObject } from '@k0smotron-ts/api'
import { namesFor } from '../../hosted/identity.ts'
import type { Observed } from '../../hosted/observed.ts'

/** What is still there, and what to delete now to get on. */
export interface Remainder {
  readonly message: string
  readonly deletions: readonly KubeObject[]
}

/**
 * First k0s, then its datastore: an API server without etcd takes long to stop. Each goes in the foreground, so that a
 * StatefulSet is gone only after its pods; everything else goes by owner reference. `undefined`: nothing is left.
 */
export function remainder(observed: Observed): Remainder | undefined {
  const names = namesFor(observed)
  return still(observed, names.statefulSet, 'control plane pods') ?? still(observed, names.etcd, 'etcd members')
}

function still({ statefulSets }: Observed, name: string, what: string): Remainder | undefined {
  const set = statefulSets.find(({ metadata }) => metadata.name === name)
  if (!set) return undefined
  const isGoing = set.metadata.deletionTimestamp !== undefined
  return { message: `waiting for the ${what} of StatefulSet ${name} to end`, deletions: isGoing ? [] : [set] }
}

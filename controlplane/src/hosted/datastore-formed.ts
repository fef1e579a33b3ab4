// Whether the datastore has ever worked — core
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { namesFor } from './identity.ts'
import type { Observed } from './observed.ts'

/**
 * From the first member that was ready on. What our own object remembers outlives a move and a restore; the members
 * tell it earlier.
 */
export function isDatastoreFormed(observed: Observed): boolean {
  const { memory } = observed
  return memory.datastoreFormed || memory.initialized || isDatastoreReady(observed)
}

export function isDatastoreReady(observed: Observed): boolean {
  return (etcdSetOf(observed)?.status?.readyReplicas ?? 0) > 0
}

export function etcdSetOf(observed: Observed): StatefulSet | undefined {
  const { etcd } = namesFor(observed)
  return observed.statefulSets.find(({ metadata }) => metadata.name === etcd)
}

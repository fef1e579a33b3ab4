// Whether the datastore has ever worked — core
import type { Observed } from '../../observed.ts'

/**
 * From the first member that was ready on. What our own object remembers outlives a move and a restore; the members
 * tell it earlier.
 */
export function isDatastoreFormed(observed: Observed): boolean {
  const { memory } = observed
  return memory.datastoreFormed || memory.initialized || isDatastoreReady(observed)
}

export function isDatastoreReady(observed: Observed): boolean {
  return (observed.datastoreSet?.status?.readyReplicas ?? 0) > 0
}

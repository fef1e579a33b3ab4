// Whether the datastore has ever worked — core
import { datastoreFormedAnnotation } from '@k0smotron-ts/api'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { namesFor } from './identity.ts'
import type { Observed } from './observed.ts'

/**
 * From the first member that was ready on. The annotation on our own object outlives a move, a restore and a lost
 * status; the others are true earlier.
 */
export function isDatastoreFormed(observed: Observed): boolean {
  const { metadata, status } = observed.controlPlane
  return (
    metadata.annotations?.[datastoreFormedAnnotation] !== undefined ||
    status?.initialization?.controlPlaneInitialized === true ||
    isDatastoreReady(observed)
  )
}

export function isDatastoreReady(observed: Observed): boolean {
  return (etcdSetOf(observed)?.status?.readyReplicas ?? 0) > 0
}

export function etcdSetOf(observed: Observed): StatefulSet | undefined {
  const { etcd } = namesFor(observed)
  return observed.statefulSets.find(({ metadata }) => metadata.name === etcd)
}

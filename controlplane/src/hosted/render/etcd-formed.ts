// Whether the datastore has ever worked — core
import { namesFor } from '../identity.ts'
import type { Observed } from '../observed.ts'

/**
 * From the first member that was ready on. Read from three places, none of which can be lost together: the API server
 * answered once, a member is ready now, or the configuration already says so.
 */
export function isDatastoreFormed(observed: Observed): boolean {
  const names = namesFor(observed)
  const set = observed.statefulSets.find(({ metadata }) => metadata.name === names.etcd)
  const config = observed.configMaps.find(({ metadata }) => metadata.name === names.etcdConfig)
  return (
    observed.controlPlane.status?.initialization?.controlPlaneInitialized === true ||
    (set?.status?.readyReplicas ?? 0) > 0 ||
    Object.values(config?.data ?? {}).some(file => file.includes('initial-cluster-state: existing'))
  )
}

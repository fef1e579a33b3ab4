// Whether the spec names another kind of datastore than the control plane was made with — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'

const { datastoreReason } = controlPlaneCondition

/**
 * Why the datastore of the spec must not take the place of the one that is there: it would begin empty, or with the data of
 * another cluster. The API server refuses a changed type; it cannot compare an object that is made anew with the parts of
 * the one before.
 */
export function datastoreChange(observed: Observed): Wait | undefined {
  const { datastore, names } = observed
  const made = typeMadeWith(observed)
  if (made === undefined || made === datastore.type) return undefined
  const kept = made === 'etcd' ? `StatefulSet ${names.etcd} has its data` : `StatefulSet ${names.statefulSet} reads it`
  const message = `this control plane was made with storage.type ${made} (${kept}), and the spec says ${datastore.type}; write ${made} again, or make a control plane of another name`
  return { reason: datastoreReason.changed, message }
}

/** Only a data source makes the configuration of k0s a Secret. */
function typeMadeWith({ k0sSet, names, statefulSets }: Observed): 'etcd' | 'kine' | undefined {
  if (statefulSets.some(({ metadata }) => metadata.name === names.etcd)) return 'etcd'
  const volumes = k0sSet?.spec?.template?.spec?.volumes
  return volumes?.some(({ name, secret }) => name === 'config' && secret) ? 'kine' : undefined
}

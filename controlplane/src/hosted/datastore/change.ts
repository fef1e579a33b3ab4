// Whether the spec names another datastore than the control plane was made with — core
import { controlPlaneCondition, datastoreFormedAnnotation } from '@k0smotron-ts/api'
import type { StatefulSet, Wait } from '@k0smotron-ts/runtime'
import type { Names } from '../identity.ts'
import type { Observed } from '../observed.ts'
import type { DatastoreType } from './datastore.ts'

const { datastoreReason } = controlPlaneCondition

/** What the control plane was made with, and what tells it. */
interface Made {
  readonly type: DatastoreType
  readonly kept: string
  readonly remedy?: string
}

/**
 * Why the datastore of the spec must not take the place of the one that is there: it would begin empty, or with the data of
 * another cluster. The API server refuses a changed type; it cannot compare an object that is made anew with the parts of
 * the one before.
 */
export function datastoreChange(observed: Observed): Wait | undefined {
  return typeChange(observed) ?? observed.datastore.otherData?.(observed)
}

export function typeChange(observed: Observed): Wait | undefined {
  const { datastore } = observed
  const made = madeWith(observed)
  if (made === undefined || made.type === datastore.type) return undefined
  const message = `this control plane was made with storage.type ${made.type} (${made.kept}), and the spec says ${datastore.type}; write ${made.type} again, or make a control plane of another name${made.remedy ?? ''}`
  return { reason: datastoreReason.changed, message }
}

/** Those without an owner tell it before they are adopted; without any, our own object may remember. */
function madeWith({ memory, names, ownerless, statefulSets }: Observed): Made | undefined {
  const ofSets = typeIn(statefulSets, names) ?? typeIn(ownerless.statefulSets, names)
  if (ofSets) return ofSets
  return (
    memory.formedType && {
      type: memory.formedType,
      kept: `its annotation ${datastoreFormedAnnotation} says so`,
      remedy: ' and without that annotation',
    }
  )
}

function typeIn(sets: readonly StatefulSet[], names: Names): Made | undefined {
  const named = (name: string) => sets.find(({ metadata }) => metadata.name === name)
  if (named(names.etcd)) return { type: 'etcd', kept: `StatefulSet ${names.etcd} has its data` }
  const type = typeReadBy(named(names.statefulSet))
  return type && { type, kept: `StatefulSet ${names.statefulSet} reads it` }
}

/** k0s needs certificates for etcd, and only a data source makes its configuration a Secret. */
function typeReadBy(set: StatefulSet | undefined): DatastoreType | undefined {
  const volumes = set?.spec?.template?.spec?.volumes ?? []
  if (volumes.some(({ name }) => name === 'etcd')) return 'etcd'
  return volumes.some(({ name, secret }) => name === 'config' && secret) ? 'kine' : undefined
}

// Whether a control plane may be moved — core
import { controlPlaneCondition, prepareMoveAnnotation } from '@k0smotron-ts/api'
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import type { Refused } from '../../../hosted/report/refused.ts'
import type { Snapshot } from '../snapshot.ts'

const { movable, movableReason } = controlPlaneCondition

/** Once there is data here that a move would cut off. */
export function movableCondition({ hosted }: Snapshot): ConditionDraft[] {
  const { datastore, datastoreSet, spec } = hosted
  if (!datastoreSet || !datastore.isFormed(hosted)) return []
  const isDataDeleted = spec.storage?.etcd?.autoDeletePVCs === true
  const data = isDataDeleted ? ' and, by spec.storage.etcd.autoDeletePVCs, its data' : ''
  const message = `a move deletes the pods of this control plane${data}, and makes no others where the objects go; the annotation ${prepareMoveAnnotation} leaves them here`
  return [{ type: movable, status: 'False', reason: movableReason.podsAndVolumesStay, message }]
}

/** `refused`: what could not be released. */
export function preparedCondition({ hosted }: Snapshot, refused: Refused | undefined): ConditionDraft {
  if (refused) return { type: movable, status: 'False', reason: refused.reason, message: refused.message }
  const { ca, serviceAccountKey, frontProxyCA, etcdCA } = hosted.names
  const secrets = [ca, serviceAccountKey, frontProxyCA, ...(hosted.datastore.authority ? [etcdCA] : [])]
  const moved = `${secrets.slice(0, -1).join(', ')} and ${secrets.at(-1)}`
  // a database does not stay here: nothing else keeps two API servers off it
  const shared = hosted.datastore.pods
    ? ''
    : `; StatefulSet ${hosted.names.statefulSet} goes on writing to the database: delete it before pods start where the object goes`
  const message = `pods and volumes stay here when this object goes, and nothing is changed until the annotation ${prepareMoveAnnotation} is taken off; keep copies of the Secrets ${moved}: clusterctl deletes them here, and pods that are replaced need them${shared}`
  return { type: movable, status: 'True', reason: movableReason.prepared, message }
}

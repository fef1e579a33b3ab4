// What is written into the metadata of our own object: its finalizer, and what has become of it — core
import {
  blockMoveAnnotation,
  controlPlaneCondition,
  controlPlaneFinalizer,
  datastoreFormedAnnotation,
  preparedVersionAnnotation,
} from '@k0smotron-ts/api'
import {
  annotationAddition,
  annotationRemoval,
  conditionIn,
  finalizerAddition,
  type GuardedPatch,
  guards,
} from '@k0smotron-ts/runtime'
import type { Snapshot } from './snapshot.ts'

/**
 * First the finalizer. Once the datastore has formed, an annotation that says so, and the one that blocks a move: a user
 * may take that off, and it comes back only when preparations of a move are taken back. What they noted goes then.
 */
export function ownMetadata(snapshot: Snapshot): GuardedPatch | undefined {
  const { controlPlane, hosted } = snapshot
  const { annotations } = controlPlane.metadata
  const isFormed = hosted.datastore.isReady(hosted) && annotations?.[datastoreFormedAnnotation] === undefined
  const marks = {
    ...(isFormed && { [datastoreFormedAnnotation]: 'true' }),
    ...((isFormed || isBack(snapshot)) && { [blockMoveAnnotation]: 'true' }),
  }
  const additions = [
    ...finalizerAddition(controlPlane, controlPlaneFinalizer),
    ...(Object.keys(marks).length > 0 ? annotationAddition(controlPlane, marks) : []),
    ...(annotations?.[preparedVersionAnnotation] !== undefined ? annotationRemoval(preparedVersionAnnotation) : []),
  ]
  return additions.length === 0 ? undefined : { operations: [...guards(controlPlane), ...additions] }
}

/** Prepared for a move before, and not any more; where it was moved to, there is no data that a move would cut off. */
function isBack({ controlPlane: { metadata, status }, hosted }: Snapshot): boolean {
  const { annotations } = metadata
  const { movable, movableReason } = controlPlaneCondition
  const wasPrepared = conditionIn(status?.conditions, movable)?.reason === movableReason.prepared
  const isFormed = annotations?.[datastoreFormedAnnotation] !== undefined
  return wasPrepared && isFormed && hasDatastore(hosted) && annotations?.[blockMoveAnnotation] === undefined
}

/** That of objects which were moved back has no owner yet. */
function hasDatastore({ datastore, names, ownerless, statefulSets }: Snapshot['hosted']): boolean {
  const { set } = datastore.objectNames(names)
  return [...statefulSets, ...ownerless.statefulSets].some(({ metadata }) => metadata.name === set)
}

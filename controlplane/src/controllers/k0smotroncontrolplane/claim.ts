// What is written into the metadata of our own object: its finalizer, and what has become of it — core
import {
  blockMoveAnnotation,
  controlPlaneFinalizer,
  datastoreFormedAnnotation,
  preparedVersionAnnotation,
  unblockedForMoveAnnotation,
} from '@k0smotron-ts/api'
import type { GuardedPatch } from '@k0smotron-ts/runtime'
import { type Ownerless, ownerlessParts } from '../../hosted/adoption.ts'
import { formedMark } from '../../hosted/datastore/formed-mark.ts'
import { membersMark } from '../../hosted/members-mark.ts'
import { metadataPatch } from '../../hosted/own-metadata.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * First the finalizer. Once the datastore has formed, an annotation that says so, and the one that blocks a move: a user may
 * take that off. Where preparations of a move took it off, it comes back with the data. What else they noted goes at once. And
 * whether members stay against the number of replicas.
 */
export function ownMetadata({ controlPlane, hosted }: Snapshot): GuardedPatch | undefined {
  const { annotations = {} } = controlPlane.metadata
  const isNew = hosted.datastore.isReady(hosted) && annotations[datastoreFormedAnnotation] === undefined
  const isBlockedAgain = annotations[unblockedForMoveAnnotation] !== undefined && hasData(hosted)
  // a database that is somewhere else does not end with a move
  const isBlocked = (isNew && hosted.datastore.pods !== undefined) || isBlockedAgain
  const members = membersMark(controlPlane, hosted)
  const marks = {
    ...members.marks,
    ...(isNew && { [datastoreFormedAnnotation]: formedMark(hosted.datastore.type) }),
    ...(isBlocked && { [blockMoveAnnotation]: 'true' }),
  }
  // in the patch that blocks, and not before: a refused one leaves both as they were
  const outdated = [preparedVersionAnnotation, ...(isBlocked ? [unblockedForMoveAnnotation] : []), ...members.outdated]
  return metadataPatch(controlPlane, { finalizer: controlPlaneFinalizer, marks, outdated })
}

/** Data here that a move would cut off. A StatefulSet that was brought back gets its owner later in the same pass. */
function hasData(hosted: Snapshot['hosted']): boolean {
  const { datastore, datastoreSet, names } = hosted
  const { set } = datastore.objectNames(names)
  const isOurs = ({ object, unfit }: Ownerless) =>
    object.kind === 'StatefulSet' && object.metadata.name === set && unfit === undefined
  return datastore.isFormed(hosted) && (datastoreSet !== undefined || ownerlessParts(hosted).some(isOurs))
}

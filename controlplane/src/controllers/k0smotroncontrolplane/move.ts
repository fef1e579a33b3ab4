// What `clusterctl move` would do to a control plane, and how its parts are left behind and taken back — core
import {
  blockMoveAnnotation,
  controlPlaneCondition,
  type K0smotronControlPlane,
  type KubeObject,
  prepareMoveAnnotation,
  type ResourceType,
  releasedFromAnnotation,
} from '@k0smotron-ts/api'
import { type ConditionDraft, controllerReference, type GuardedPatch, secrets } from '@k0smotron-ts/runtime'
import { isOwned } from '../../hosted/identity.ts'
import { ownedParts } from '../../hosted/owned.ts'
import { annotationPath, guards } from './own-object.ts'
import type { Refused } from './refused.ts'
import type { Snapshot } from './snapshot.ts'

const { movable, movableReason } = controlPlaneCondition

export interface PartPatch {
  readonly type: ResourceType
  readonly object: KubeObject
  readonly patch: GuardedPatch
}

export function isPreparedForMove({ controlPlane }: Snapshot): boolean {
  return controlPlane.metadata.annotations?.[prepareMoveAnnotation] !== undefined
}

/** Takes the owner off, so that the garbage collector leaves the part when our object goes; a note says whose it was. */
export function releases(snapshot: Snapshot): readonly PartPatch[] {
  const { owner } = snapshot.hosted
  return partsOf(snapshot).flatMap(({ type, object }) => {
    if (!isOwned(object, owner)) return []
    const { annotations, ownerReferences = [] } = object.metadata
    const others = ownerReferences.filter(({ uid }) => uid !== owner.uid)
    const note = annotations
      ? { path: annotationPath(releasedFromAnnotation), value: owner.uid }
      : { path: '/metadata/annotations', value: { [releasedFromAnnotation]: owner.uid } }
    const operations = [
      ...guards(object.metadata),
      { op: 'replace' as const, path: '/metadata/ownerReferences', value: others },
      { op: 'add' as const, ...note },
    ]
    return [{ type, object, patch: { operations } }]
  })
}

/** Gives the parts back that were released, once the user has taken the annotation off. */
export function returns(snapshot: Snapshot): readonly PartPatch[] {
  const { owner } = snapshot.hosted
  const reference = controllerReference(owner.type, { metadata: owner })
  return partsOf(snapshot).flatMap(({ type, object }) => {
    const { annotations, ownerReferences = [] } = object.metadata
    if (annotations?.[releasedFromAnnotation] !== owner.uid) return []
    const operations = [
      ...guards(object.metadata),
      { op: 'add' as const, path: '/metadata/ownerReferences', value: [...ownerReferences, reference] },
      { op: 'remove' as const, path: annotationPath(releasedFromAnnotation) },
    ]
    return [{ type, object, patch: { operations } }]
  })
}

function partsOf({ hosted }: Snapshot): readonly Pick<PartPatch, 'type' | 'object'>[] {
  return [...ownedParts(hosted), ...Object.values(hosted.secrets).map(object => ({ type: secrets, object }))]
}

/** The meaning of the user's annotation: nothing stands in the way of a move any more. */
export function unblocking({ metadata }: K0smotronControlPlane): GuardedPatch | undefined {
  if (metadata.annotations?.[blockMoveAnnotation] === undefined) return undefined
  return { operations: [...guards(metadata), { op: 'remove', path: annotationPath(blockMoveAnnotation) }] }
}

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
export function preparedCondition(refused: Refused | undefined): ConditionDraft {
  if (refused) return { type: movable, status: 'False', reason: refused.reason, message: refused.message }
  const message = `pods, volumes and Secrets stay here when this object goes; nothing is changed until the annotation ${prepareMoveAnnotation} is taken off`
  return { type: movable, status: 'True', reason: movableReason.prepared, message }
}

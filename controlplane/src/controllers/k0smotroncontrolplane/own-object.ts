// The patches to our own object: finalizer, annotations, endpoint; nothing else of a user's object is written — core
import {
  blockMoveAnnotation,
  controlPlaneCondition,
  controlPlaneFinalizer,
  datastoreFormedAnnotation,
  type K0smotronControlPlane,
} from '@k0smotron-ts/api'
import { conditionIn, type GuardedPatch } from '@k0smotron-ts/runtime'
import { endpointManager } from '../../hosted/facts/exposure.ts'
import type { Endpoint } from '../../hosted/input.ts'
import type { Snapshot } from './snapshot.ts'

type Metadata = K0smotronControlPlane['metadata']
type Operations = GuardedPatch['operations']

/**
 * First the finalizer. Once the datastore has formed, an annotation that says so, and the one that blocks a move: a user
 * may take that off, and it comes back only when preparations of a move are taken back.
 */
export function ownMetadata({ controlPlane, hosted }: Snapshot): GuardedPatch | undefined {
  const { metadata } = controlPlane
  const isNew = !metadata.finalizers?.includes(controlPlaneFinalizer)
  const isFormed = hosted.datastore.isReady(hosted) && metadata.annotations?.[datastoreFormedAnnotation] === undefined
  const marks = {
    ...(isFormed && { [datastoreFormedAnnotation]: 'true' }),
    ...((isFormed || isBack(controlPlane)) && { [blockMoveAnnotation]: 'true' }),
  }
  const isMarked = Object.keys(marks).length > 0
  if (!isNew && !isMarked) return undefined
  return {
    operations: [
      ...guards(metadata),
      ...(isNew ? finalizerAddition(metadata) : []),
      ...(isMarked ? annotate(metadata, marks) : []),
    ],
  }
}

/** Prepared for a move before, and not any more. */
function isBack({ metadata: { annotations }, status }: K0smotronControlPlane): boolean {
  const { movable, movableReason } = controlPlaneCondition
  const wasPrepared = conditionIn(status?.conditions, movable)?.reason === movableReason.prepared
  const isFormed = annotations?.[datastoreFormedAnnotation] !== undefined
  return wasPrepared && isFormed && annotations?.[blockMoveAnnotation] === undefined
}

function finalizerAddition({ finalizers }: Metadata): Operations {
  return finalizers
    ? [{ op: 'add', path: '/metadata/finalizers/-', value: controlPlaneFinalizer }]
    : [{ op: 'add', path: '/metadata/finalizers', value: [controlPlaneFinalizer] }]
}

/** Where a JSON patch finds the annotation. */
export function annotationPath(name: string): string {
  return `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function annotate({ annotations }: Metadata, marks: Readonly<Record<string, string>>): Operations {
  if (!annotations) return [{ op: 'add', path: '/metadata/annotations', value: marks }]
  return Object.entries(marks).map(([name, value]) => ({
    op: 'add',
    path: annotationPath(name),
    value,
  }))
}

/** Refused when the object is another one, or the finalizer moved to another place in the list meanwhile. */
export function finalizerRemoval({ metadata }: K0smotronControlPlane): GuardedPatch | undefined {
  const index = metadata.finalizers?.indexOf(controlPlaneFinalizer) ?? -1
  if (index < 0) return undefined
  const path = `/metadata/finalizers/${index}`
  return {
    operations: [
      { op: 'test', path: '/metadata/uid', value: metadata.uid },
      { op: 'test', path, value: controlPlaneFinalizer },
      { op: 'remove', path },
    ],
  }
}

/** A patch, not an apply: an apply would make a deleted object again. */
export function endpointPublication({ metadata }: K0smotronControlPlane, endpoint: Endpoint): GuardedPatch {
  return {
    fieldManager: endpointManager,
    operations: [...guards(metadata), { op: 'add', path: '/spec/controlPlaneEndpoint', value: endpoint }],
  }
}

/** Refused when the object is another one, or was changed since we looked. */
export function guards({ uid, resourceVersion }: Metadata): Operations {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
  ]
}

// The patches to our own object: finalizer, annotations, endpoint; nothing else of a user's object is written — core
import {
  blockMoveAnnotation,
  controlPlaneFinalizer,
  datastoreFormedAnnotation,
  type K0smotronControlPlane,
} from '@k0smotron-ts/api'
import type { GuardedPatch } from '@k0smotron-ts/runtime'
import { endpointManager } from '../../hosted/facts/exposure.ts'
import type { Endpoint } from '../../hosted/input.ts'
import type { Snapshot } from './snapshot.ts'

type Metadata = K0smotronControlPlane['metadata']
type Operations = GuardedPatch['operations']

/**
 * First the finalizer, and with it the annotation that blocks a move, which a user may take off again; later the
 * annotation that the datastore has formed.
 */
export function ownMetadata({ controlPlane, hosted }: Snapshot): GuardedPatch | undefined {
  const { metadata } = controlPlane
  const isNew = !metadata.finalizers?.includes(controlPlaneFinalizer)
  const isFormed = hosted.datastore.isReady(hosted) && metadata.annotations?.[datastoreFormedAnnotation] === undefined
  const marks = {
    ...(isNew && { [blockMoveAnnotation]: 'true' }),
    ...(isFormed && { [datastoreFormedAnnotation]: 'true' }),
  }
  if (!isNew && !isFormed) return undefined
  return {
    operations: [...guards(metadata), ...(isNew ? finalizerAddition(metadata) : []), ...annotate(metadata, marks)],
  }
}

function finalizerAddition({ finalizers }: Metadata): Operations {
  return finalizers
    ? [{ op: 'add', path: '/metadata/finalizers/-', value: controlPlaneFinalizer }]
    : [{ op: 'add', path: '/metadata/finalizers', value: [controlPlaneFinalizer] }]
}

function annotate({ annotations }: Metadata, marks: Readonly<Record<string, string>>): Operations {
  if (!annotations) return [{ op: 'add', path: '/metadata/annotations', value: marks }]
  return Object.entries(marks).map(([name, value]) => ({
    op: 'add',
    path: `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
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
function guards({ uid, resourceVersion }: Metadata): Operations {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
  ]
}

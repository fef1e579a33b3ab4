// What `clusterctl move` would do to a control plane, and how its parts are left behind and taken back — shell
import {
  blockMoveAnnotation,
  controlPlaneCondition,
  controlPlaneFinalizer,
  type K0smotronControlPlane,
  type KubeObject,
  k0smotronControlPlane,
  preparedVersionAnnotation,
  prepareMoveAnnotation,
  type ResourceType,
  releasedFromAnnotation,
  unblockedForMoveAnnotation,
} from '@k0smotron-ts/api'
import {
  type Applied,
  annotationAddition,
  annotationRemoval,
  awaitChange,
  controllerReference,
  finalizerRemoval,
  type GuardedPatch,
  guards,
  type Shell,
  secrets,
} from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { isOwned } from '../../hosted/identity.ts'
import { ownedParts } from '../../hosted/owned.ts'
import { heldAction } from '../../hosted/pass/keep.ts'
import type { Pass } from './report/status.ts'
import type { Snapshot } from './snapshot.ts'

const { movable: concerns } = controlPlaneCondition

export interface PartPatch {
  readonly type: ResourceType
  readonly object: KubeObject
  readonly patch: GuardedPatch
}

export function isPreparedForMove({ controlPlane }: Snapshot): boolean {
  return controlPlane.metadata.annotations?.[prepareMoveAnnotation] !== undefined
}

/** Leaves all parts behind; once nothing of the control plane goes with our object, lets it move, and go. */
export async function prepareMove(observed: Snapshot, shell: Shell): Promise<Pass> {
  const { controlPlane } = observed
  const released = await patchAll(releases(observed), shell)
  const isReleased = released.every(({ result }) => result !== 'refused')
  const isGoing = controlPlane.metadata.deletionTimestamp !== undefined
  const patch = isGoing ? finalizerRemoval(controlPlane, controlPlaneFinalizer) : unblocking(controlPlane)
  const own = isReleased && patch ? [{ type: k0smotronControlPlane, object: controlPlane, patch }] : []
  const applied = [...released, ...(await patchAll(own, shell))]
  return { observed, verdict: { kind: 'prepared' }, applied, action: heldAction(observed.hosted) }
}

/** The next pass goes on with them. */
export async function takeBack(observed: Snapshot, parts: readonly PartPatch[], shell: Shell): Promise<Pass> {
  return { observed, verdict: { kind: 'claimed' }, applied: await patchAll(parts, shell), action: awaitChange }
}

async function patchAll(parts: readonly PartPatch[], shell: Shell): Promise<readonly Applied[]> {
  const writes = parts.map(({ type, object, patch }) =>
    attempt({ object, concerns, write: () => shell.patch(type, object, patch) }),
  )
  return (await Promise.all(writes)).map(({ applied }) => applied)
}

/** Takes the owner off, so that the garbage collector leaves the part when our object goes; a note says whose it was. */
export function releases(snapshot: Snapshot): readonly PartPatch[] {
  const { owner } = snapshot.hosted
  return partsOf(snapshot).flatMap(({ type, object }) => {
    if (!isOwned(object, owner)) return []
    const others = object.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.uid)
    const operations = [
      ...guards(object),
      { op: 'replace' as const, path: '/metadata/ownerReferences', value: others },
      ...annotationAddition(object, { [releasedFromAnnotation]: owner.uid }),
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
      ...guards(object),
      { op: 'add' as const, path: '/metadata/ownerReferences', value: [...ownerReferences, reference] },
      ...annotationRemoval(releasedFromAnnotation),
    ]
    return [{ type, object, patch: { operations } }]
  })
}

function partsOf({ hosted }: Snapshot): readonly Pick<PartPatch, 'type' | 'object'>[] {
  return [...ownedParts(hosted), ...Object.values(hosted.secrets).map(object => ({ type: secrets, object }))]
}

/**
 * The meaning of the user's annotation: nothing stands in the way of a move any more. It is noted first that this was not
 * taken off by hand; and, since a move takes no status along, what Cluster API has to know of the API server.
 */
export function unblocking(controlPlane: K0smotronControlPlane): GuardedPatch | undefined {
  const { metadata, status } = controlPlane
  const { annotations = {} } = metadata
  const isKnown = status?.initialization?.controlPlaneInitialized === true && status.version !== undefined
  const notes = {
    [unblockedForMoveAnnotation]: 'true',
    ...(isKnown && { [preparedVersionAnnotation]: status.version }),
  }
  const missing = Object.entries(notes).filter(([name, value]) => annotations[name] !== value)
  const operations = [
    ...(missing.length > 0 ? annotationAddition(controlPlane, Object.fromEntries(missing)) : []),
    ...(annotations[blockMoveAnnotation] !== undefined ? annotationRemoval(blockMoveAnnotation) : []),
  ]
  return operations.length === 0 ? undefined : { operations: [...guards(controlPlane), ...operations] }
}

// The writes of a pass that keeps a control plane: finalizer, objects, endpoint, deletions of what is not needed — shell
import { controlPlaneCondition, type KubeObject, k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Applied, Outcome, Shell } from '@k0smotron-ts/runtime'
import { attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { endpointToPublish } from '../../hosted/facts/exposure.ts'
import { orphans } from '../../hosted/phases.ts'
import { type PartPatch, unblocking } from './move.ts'
import { endpointPublication, finalizerRemoval, ownMetadata } from './own-object.ts'
import { type Snapshot, withControlPlane } from './snapshot.ts'

const { available, endpointAvailable, movable } = controlPlaneCondition

/** The finalizer comes before anything else: what is made without it would be left behind. */
export async function addFinalizer(observed: Snapshot, shell: Shell): Promise<Step<Snapshot>> {
  const { controlPlane } = observed
  const metadata = ownMetadata(observed)
  if (!metadata) return { observed, applied: [] }
  const write = () => shell.patch(k0smotronControlPlane, controlPlane, metadata)
  const { applied, result } = await attempt({ object: controlPlane, concerns: available, write })
  return { observed: result ? withControlPlane(observed, result) : observed, applied: [applied] }
}

/** Leaves all parts behind, or takes them back. */
export async function patchParts(parts: readonly PartPatch[], shell: Shell): Promise<readonly Applied[]> {
  const writes = parts.map(({ type, object, patch }) =>
    attempt({ object, concerns: movable, write: () => shell.patch(type, object, patch) }),
  )
  return (await Promise.all(writes)).map(({ applied }) => applied)
}

/** Once nothing of the control plane goes with our object: lets it move, and go. */
export async function letGo({ controlPlane }: Snapshot, shell: Shell): Promise<readonly Applied[]> {
  const isGoing = controlPlane.metadata.deletionTimestamp !== undefined
  const patch = isGoing ? finalizerRemoval(controlPlane) : unblocking(controlPlane)
  if (!patch) return []
  const write = () => shell.patch(k0smotronControlPlane, controlPlane, patch)
  return [(await attempt({ object: controlPlane, concerns: movable, write })).applied]
}

/**
 * Everything but StatefulSets first, all at once; then the StatefulSets. A template must never name a configuration
 * that was refused: its pods would replace running ones and not start.
 */
export async function apply(outcomes: readonly Outcome[], shell: Shell): Promise<readonly Applied[]> {
  const objects = outcomes.flatMap(outcome => outcome.objects)
  const isSet = ({ kind }: KubeObject) => kind === 'StatefulSet'
  const consumed = await shell.apply(objects.filter(object => !isSet(object)))
  const isConfigRefused = consumed.some(({ object, result }) => object.kind === 'ConfigMap' && result === 'refused')
  return isConfigRefused ? consumed : [...consumed, ...(await shell.apply(objects.filter(isSet)))]
}

/** Once, and again while nobody can have used it. */
export async function publishEndpoint(observed: Snapshot, shell: Shell): Promise<Step<Snapshot>> {
  const endpoint = endpointToPublish(observed.hosted)
  const { controlPlane } = observed
  if (!endpoint) return { observed, applied: [] }
  const write = () => shell.patch(k0smotronControlPlane, controlPlane, endpointPublication(controlPlane, endpoint))
  const { applied, result } = await attempt({ object: controlPlane, concerns: endpointAvailable, write })
  return {
    observed: result ? { ...withControlPlane(observed, result), published: endpoint } : observed,
    applied: [applied],
  }
}

/** Deletes what nothing asks for any more. */
export async function prune(
  observed: Snapshot,
  outcomes: readonly Outcome[],
  shell: Shell,
): Promise<readonly Applied[]> {
  const deletions = orphans(observed.hosted, outcomes).map(({ type, object }) =>
    attempt({ object, concerns: endpointAvailable, write: () => shell.delete(type, object) }),
  )
  return (await Promise.all(deletions)).map(({ applied }) => applied)
}

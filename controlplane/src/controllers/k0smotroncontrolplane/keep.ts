// The pass that keeps a control plane as its spec wants it: claims, keeps its parts, publishes its endpoint — shell
import { controlPlaneCondition, k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Action, awaitChange, deadline, guards, type Shell } from '@k0smotron-ts/runtime'
import { attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { endpointManager } from '../../hosted/facts/exposure.ts'
import { deadlinesOf, keepParts } from '../../hosted/pass/keep.ts'
import { ownMetadata } from './claim.ts'
import { hasFinalizer } from './gate.ts'
import type { Dependencies } from './observe.ts'
import type { Pass } from './report/status.ts'
import { type Snapshot, withControlPlane } from './snapshot.ts'

const { available, endpointAvailable } = controlPlaneCondition

export async function keep(before: Snapshot, shell: Shell, deps: Dependencies): Promise<Pass> {
  const claimed = await claim(before, shell)
  if (!hasFinalizer(claimed.observed)) return { ...claimed, verdict: { kind: 'claimed' }, action: awaitChange }
  const { observed: hosted, outcomes, ...kept } = await keepParts(claimed.observed.hosted, shell, deps)
  const known = { ...claimed.observed, hosted }
  const begun = [...claimed.applied, ...kept.applied]
  if (!outcomes) return { observed: known, applied: begun, verdict: { kind: 'claimed' }, action: awaitChange }
  const { observed, applied: published } = await publishEndpoint(known, shell)
  const filled = await deps.infrastructure.complete(observed, shell)
  const applied = [...begun, ...published, ...filled]
  return { observed, verdict: { kind: 'kept', outcomes }, applied, action: nextDeadline(observed, deps) }
}

/** The finalizer comes before anything else: what is made without it would be left behind. */
async function claim(observed: Snapshot, shell: Shell): Promise<Step<Snapshot>> {
  const { controlPlane } = observed
  const metadata = ownMetadata(observed)
  if (!metadata) return { observed, applied: [] }
  const write = () => shell.patch(k0smotronControlPlane, controlPlane, metadata)
  const { applied, result } = await attempt({ object: controlPlane, concerns: available, write })
  return { observed: result ? withControlPlane(observed, result) : observed, applied: [applied] }
}

/** Once, and again while nobody can have used it. A patch, not an apply: an apply would make a deleted object again. */
async function publishEndpoint(observed: Snapshot, shell: Shell): Promise<Step<Snapshot>> {
  const { controlPlane, hosted } = observed
  const endpoint = hosted.exposure.unpublished
  if (!endpoint) return { observed, applied: [] }
  const operations = [
    ...guards(controlPlane),
    { op: 'add' as const, path: '/spec/controlPlaneEndpoint', value: endpoint },
  ]
  const write = () => shell.patch(k0smotronControlPlane, controlPlane, { fieldManager: endpointManager, operations })
  const { applied, result } = await attempt({ object: controlPlane, concerns: endpointAvailable, write })
  return {
    observed: result ? { ...observed, controlPlane: result, published: endpoint } : observed,
    applied: [applied],
  }
}

/** Deadlines: no change of a watched object announces them. */
export function nextDeadline(observed: Snapshot, { infrastructure }: Dependencies): Action {
  const { hosted } = observed
  return deadline(awaitChange, hosted.now, ...deadlinesOf(hosted), infrastructure.nextLook(observed))
}

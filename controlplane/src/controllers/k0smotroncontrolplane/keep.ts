// The pass that keeps a control plane as its spec wants it: claims, adopts, mints, renders, applies, publishes, prunes — shell
import { controlPlaneCondition, type KubeObject, k0smotronControlPlane, type ResourceType } from '@k0smotron-ts/api'
import {
  type Action,
  type Applied,
  awaitChange,
  deadline,
  guards,
  type Outcome,
  type Shell,
} from '@k0smotron-ts/runtime'
import { attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { nextRenewal } from '../../hosted/facts/certificates.ts'
import { endpointManager } from '../../hosted/facts/exposure.ts'
import { orphans, render } from '../../hosted/phases.ts'
import { nextRoll } from '../../hosted/render/k0s/renewal.ts'
import { adopt, isHindered } from './adopt.ts'
import { ownMetadata } from './claim.ts'
import { hasFinalizer } from './gate.ts'
import { mint } from './mint/mint.ts'
import type { Dependencies } from './observe.ts'
import type { Pass } from './report/status.ts'
import { rollLive } from './roll.ts'
import { type Snapshot, withControlPlane } from './snapshot.ts'

const { available, endpointAvailable } = controlPlaneCondition

export async function keep(before: Snapshot, shell: Shell, deps: Dependencies): Promise<Pass> {
  const claimed = await claim(before, shell)
  if (!hasFinalizer(claimed.observed)) return { ...claimed, verdict: { kind: 'claimed' }, action: awaitChange }
  const adopted = await adopt(claimed.observed, shell, deps.readFacts)
  const begun = [...claimed.applied, ...adopted.applied]
  if (isHindered(adopted.applied)) {
    return { observed: adopted.observed, applied: begun, verdict: { kind: 'claimed' }, action: awaitChange }
  }
  const minted = await mint(adopted.observed, shell, deps.readFacts)
  const outcomes = render(minted.observed.hosted)
  const unwanted = orphans(minted.observed.hosted, outcomes)
  const rolled = await rollLive(minted.observed.hosted, outcomes, shell)
  const rendered = [...rolled, ...(await apply(outcomes, shell))]
  const { observed, applied: published } = await publishEndpoint(minted.observed, shell)
  const filled = await deps.infrastructure.complete(observed, shell)
  // where something was refused, what it should replace is still in use
  const isRefused = rendered.some(({ result }) => result === 'refused')
  const pruned = isRefused ? [] : await prune(unwanted, shell)
  const applied = [...begun, ...minted.applied, ...rendered, ...published, ...filled, ...pruned]
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

/**
 * Everything but StatefulSets first, all at once; then the StatefulSets. A template must never name a configuration
 * that was refused: its pods would replace running ones and not start.
 */
async function apply(outcomes: readonly Outcome[], shell: Shell): Promise<readonly Applied[]> {
  const objects = outcomes.flatMap(outcome => outcome.objects)
  const isSet = ({ kind }: KubeObject) => kind === 'StatefulSet'
  const consumed = await shell.apply(objects.filter(object => !isSet(object)))
  const isConfigRefused = consumed.some(({ object, result }) => object.kind === 'ConfigMap' && result === 'refused')
  return isConfigRefused ? consumed : [...consumed, ...(await shell.apply(objects.filter(isSet)))]
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

interface Unwanted {
  readonly type: ResourceType
  readonly object: KubeObject
}

/** Deletes what nothing asks for any more. */
async function prune(unwanted: readonly Unwanted[], shell: Shell): Promise<readonly Applied[]> {
  const deletions = unwanted.map(({ type, object }) =>
    attempt({ object, concerns: endpointAvailable, write: () => shell.delete(type, object) }),
  )
  return (await Promise.all(deletions)).map(({ applied }) => applied)
}

/** Deadlines: no change of a watched object announces them. */
export function nextDeadline(observed: Snapshot, { infrastructure }: Dependencies): Action {
  const { hosted } = observed
  const look = infrastructure.nextLook(observed)
  return deadline(awaitChange, hosted.now, nextRenewal(hosted), nextRoll(hosted), look)
}

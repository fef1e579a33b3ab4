// What every pass does that keeps a control plane as its spec wants it: adopts, mints, renders, applies, prunes — shell
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import {
  type Action,
  type Applied,
  awaitChange,
  deadline,
  type Outcome,
  type Shell,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { nextRenewal } from '../facts/certificates.ts'
import { nextEndNotice } from '../facts/ending.ts'
import { withFacts } from '../facts/facts.ts'
import { nextScheduled } from '../facts/hibernation.ts'
import type { HostedDeps } from '../observe.ts'
import type { Observed } from '../observed.ts'
import type { Part } from '../owned.ts'
import { orphans, render } from '../phases.ts'
import { nextRoll } from '../render/k0s/renewal.ts'
import { adopt, isHindered } from './adopt.ts'
import { apply, isDocument } from './apply.ts'
import { mint } from './mint/mint.ts'
import { endRenewal } from './renewed.ts'

export interface Kept {
  readonly observed: Observed
  readonly applied: readonly Applied[]
  /** Absent: something stands in the way of all of it, and was refused. */
  readonly outcomes?: readonly Outcome[]
}

/** What a pass needs beside the shell. */
export type KeepDeps = Pick<HostedDeps, 'readFacts' | 'members'>

/** Only with the finalizer on our own object: what is made without it would be left behind. */
export async function keepParts(before: Observed, shell: Shell, deps: KeepDeps): Promise<Kept> {
  const { readFacts } = deps
  const adopted = await adopt(before, shell, readFacts)
  if (isHindered(adopted.applied)) return adopted
  const minted = await mint(adopted.observed, shell, readFacts)
  const { observed } = minted
  const renewed = await endRenewal(observed, minted.applied, shell)
  const outcomes = render(observed)
  const unwanted = orphans(observed, outcomes)
  const rendered = await apply(observed, outcomes, shell)
  const changed = isAtRest(observed, rendered, outcomes) ? await deps.members.change(observed, shell) : []
  // where something was refused, what it should replace is still in use; documents replace nothing that runs
  const isRefused = rendered.some(({ object, result }) => result === 'refused' && !isDocument(object))
  const pruned = isRefused ? [] : await prune(unwanted, shell)
  const applied = [...adopted.applied, ...minted.applied, ...renewed, ...rendered, ...changed, ...pruned]
  return { observed: asWritten(observed, shell), outcomes, applied }
}

/** With the StatefulSet as it is after the pass: of pods that were up to date with another one nobody must hear. */
function asWritten(observed: Observed, { read }: Shell): Observed {
  const { k0sSet: before, owner, statefulSets: sets } = observed
  const after = before && read.get(statefulSets, { namespace: owner.namespace, name: observed.names.statefulSet })
  if (!after || after.metadata.uid !== before.metadata.uid) return observed
  if (after.metadata.generation === before.metadata.generation) return observed
  return withFacts({ ...observed, statefulSets: sets.map(set => (set === before ? after : set)) })
}

/** Members change when nothing is asked of their StatefulSet, which is looked at only when their configuration is written. */
function isAtRest({ datastore, names }: Observed, rendered: readonly Applied[], outcomes: readonly Outcome[]): boolean {
  const { set } = datastore.objectNames(names)
  const isOfMembers = ({ kind, metadata }: KubeObject) => kind === 'StatefulSet' && metadata.name === set
  const result = rendered.find(({ object }) => isOfMembers(object))?.result
  return result === 'unchanged' && outcomes.every(({ effects = [] }) => effects.length === 0)
}

/** Deletes what nothing asks for any more. */
async function prune(unwanted: readonly Part[], shell: Shell): Promise<readonly Applied[]> {
  const concerns = controlPlaneCondition.endpointAvailable
  const deletions = unwanted.map(({ type, object }) =>
    attempt({ object, concerns, write: () => shell.delete(type, object) }),
  )
  return (await Promise.all(deletions)).map(({ applied }) => applied)
}

/** While nothing may be changed, and so nothing is renewed either: what ends meanwhile is still told. */
export function heldAction(observed: Observed): Action {
  return deadline(awaitChange, observed.now, nextEndNotice(observed))
}

/** Deadlines: no change of a watched object announces them. */
export function deadlinesOf(observed: Observed): readonly (Date | undefined)[] {
  return [nextRenewal(observed), nextRoll(observed), nextEndNotice(observed), nextScheduled(observed)]
}

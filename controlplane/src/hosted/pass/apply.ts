// Applies what the phases rendered, in an order in which no pod starts without what it reads — shell
import { controlPlaneCondition, type KubeObject } from '@k0smotron-ts/api'
import type { Applied, Effect, KubeSecret, Outcome, Shell } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import { componentOf, isConfig } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { effect } from './effect.ts'
import { createConfig } from './mint/store.ts'

/**
 * Everything but StatefulSets first, all at once; then the StatefulSets, with patches of them before or the removal of a pod after. A template must never name a
 * configuration that was refused: its pods would replace running ones and not start.
 */
export async function apply(
  observed: Observed,
  outcomes: readonly Outcome[],
  shell: Shell,
): Promise<readonly Applied[]> {
  const objects = outcomes.flatMap(outcome => outcome.objects)
  const isSet = ({ kind }: KubeObject) => kind === 'StatefulSet'
  const applied = await shell.apply(objects.filter(object => !isSet(object) && !isSecret(object)))
  const consumed = [...applied, ...(await create(observed, objects.filter(isSecret), shell))]
  const isConfigRefused = consumed.some(({ object, result }) => isRead(object) && result === 'refused')
  if (isConfigRefused) return consumed
  const [patches, removals] = effectsOf(outcomes)
  const patched = (await Promise.all(patches.map(one => effect(one, shell)))).flat()
  const sets = await shell.apply(objects.filter(isSet))
  // what was decided by another template has to be decided again; a refusal of another StatefulSet changed nothing
  const isSettled = sets.every(
    ({ object, result }) =>
      result === 'unchanged' || (result === 'refused' && object.metadata.name !== observed.names.statefulSet),
  )
  // one pod: whether the next is still right, the pass after it sees
  const [removal] = patches.length === 0 && isSettled ? removals : []
  return [...consumed, ...patched, ...sets, ...(removal ? await effect(removal, shell) : [])]
}

/** Patches of StatefulSets, each of another one; removals of pods. */
function effectsOf(outcomes: readonly Outcome[]): readonly [patches: readonly Effect[], removals: readonly Effect[]] {
  const all = outcomes.flatMap(({ effects = [] }) => effects)
  const isRemoval = ({ change }: Effect) => change === 'delete' || change === 'evict'
  return [all.filter(one => !isRemoval(one)), all.filter(isRemoval)]
}

/** By a pod, at its start. */
function isRead(object: KubeObject): boolean {
  return isConfig(object) && !isDocument(object)
}

/** For those who trust the cluster elsewhere. */
export function isDocument(object: KubeObject): boolean {
  return componentOf(object) === 'oidc'
}

function isSecret(object: KubeObject): object is KubeSecret {
  return object.kind === 'Secret'
}

/** Its name tells what is in it: one that is there is as it should be. Never applied, which would put a hash of it on it. */
async function create(observed: Observed, wanted: readonly KubeSecret[], shell: Shell): Promise<readonly Applied[]> {
  const concerns = controlPlaneCondition.controlPlaneComponentsHealthy
  const creations = wanted.map(async (object): Promise<Applied> => {
    const isThere = observed.configSecrets.some(({ metadata }) => metadata.name === object.metadata.name)
    if (isThere) return { object, result: 'unchanged' }
    return (await attempt({ object, concerns, write: () => createConfig(observed, shell, object) })).applied
  })
  return Promise.all(creations)
}

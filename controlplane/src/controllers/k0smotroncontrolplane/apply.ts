// Writes what the phases rendered — shell
import { type KubeObject, k0smotronControlPlane } from '@k0smotron-ts/api'
import {
  type Applied,
  configMaps,
  networkPolicies,
  type Outcome,
  podDisruptionBudgets,
  pods,
  type Shell,
  services,
} from '@k0smotron-ts/runtime'
import { endpointToPublish } from '../../hosted/exposure.ts'
import type { Observed } from '../../hosted/observed.ts'
import { leftovers } from '../../hosted/phases.ts'
import { stuckPod } from '../../hosted/rollout.ts'
import { endpointPublication } from './own-object.ts'

/**
 * Everything but StatefulSets first, all at once; then the StatefulSets. A template must never name a configuration
 * that was refused: its pods would replace running ones and not start.
 */
export async function apply(outcomes: readonly Outcome[], shell: Shell): Promise<readonly Applied[]> {
  const objects = outcomes.flatMap(outcome => outcome.objects)
  const isSet = ({ kind }: KubeObject) => kind === 'StatefulSet'
  const consumed = await shell.apply(objects.filter(object => !isSet(object)))
  if (consumed.some(({ result }) => result === 'refused')) return consumed
  return [...consumed, ...(await shell.apply(objects.filter(isSet)))]
}

/** Once, while nobody was told an endpoint. Returns the object as it is then, for the status to be told of it. */
export async function publishEndpoint(observed: Observed, shell: Shell): Promise<Observed> {
  const endpoint = endpointToPublish(observed)
  if (!endpoint) return observed
  const { controlPlane } = observed
  const published = await shell.patch(k0smotronControlPlane, controlPlane, endpointPublication(controlPlane, endpoint))
  return { ...observed, controlPlane: published }
}

const prunable = [services, configMaps, networkPolicies, podDisruptionBudgets]

/** Deletes what nothing asks for any more, and a pod that would never be replaced. */
export async function tidy(observed: Observed, outcomes: readonly Outcome[], shell: Shell): Promise<void> {
  for (const object of leftovers(observed, outcomes)) {
    const type = prunable.find(({ kind }) => kind === object.kind)
    if (type) await shell.delete(type, object)
  }
  const stuck = stuckPod(observed)
  if (stuck) await shell.delete(pods, stuck)
}

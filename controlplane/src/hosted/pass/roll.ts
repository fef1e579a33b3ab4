// Rolls pods whose StatefulSet the spec does not give, before the certificates that k0s issued for itself end — shell
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Applied, type Outcome, type Shell, statefulSets } from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import type { Observed } from '../observed.ts'
import { rollOfLive } from '../render/k0s/renewal.ts'

/** Where the StatefulSet is rendered, the roll is a part of it. */
export async function rollLive(
  observed: Observed,
  outcomes: readonly Outcome[],
  shell: Shell,
): Promise<readonly Applied[]> {
  const { k0sSet, names } = observed
  const isRendered = outcomes.some(({ objects }) =>
    objects.some(({ kind, metadata }) => kind === statefulSets.kind && metadata.name === names.statefulSet),
  )
  const patch = isRendered ? undefined : rollOfLive(observed)
  if (!k0sSet || !patch) return []
  const concerns = controlPlaneCondition.controlPlaneComponentsHealthy
  const write = () => shell.patch(statefulSets, k0sSet, patch)
  return [(await attempt({ object: k0sSet, concerns, write })).applied]
}

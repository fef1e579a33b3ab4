// The pass that keeps a control plane as its spec wants it: claims, then keeps its parts — shell
import { controlPlaneCondition, k0smotronCluster } from '@k0smotron-ts/api'
import { type Action, awaitChange, deadline, type Shell } from '@k0smotron-ts/runtime'
import { attempt, type Step } from '@k0smotron-ts/runtime/shell'
import { deadlinesOf, keepParts } from '../../hosted/pass/keep.ts'
import type { HostedControllerDeps } from '../hosted-controller.ts'
import { ownMetadata } from './claim.ts'
import { hasFinalizer } from './gate.ts'
import type { Pass } from './report/status.ts'
import { type Snapshot, withCluster } from './snapshot.ts'

export async function keep(before: Snapshot, shell: Shell, deps: HostedControllerDeps): Promise<Pass> {
  const claimed = await claim(before, shell)
  if (!hasFinalizer(claimed.observed)) return { ...claimed, verdict: { kind: 'claimed' }, action: awaitChange }
  const { observed: hosted, outcomes, ...kept } = await keepParts(claimed.observed.hosted, shell, deps)
  const observed = { ...claimed.observed, hosted }
  const applied = [...claimed.applied, ...kept.applied]
  if (!outcomes) return { observed, applied, verdict: { kind: 'claimed' }, action: awaitChange }
  return { observed, verdict: { kind: 'kept', outcomes }, applied, action: nextDeadline(observed) }
}

/** The finalizer comes before anything else: what is made without it would be left behind. */
async function claim(observed: Snapshot, shell: Shell): Promise<Step<Snapshot>> {
  const { cluster } = observed
  const metadata = ownMetadata(observed)
  if (!metadata) return { observed, applied: [] }
  const write = () => shell.patch(k0smotronCluster, cluster, metadata)
  const { applied, result } = await attempt({ object: cluster, concerns: controlPlaneCondition.available, write })
  return { observed: result ? withCluster(observed, result) : observed, applied: [applied] }
}

export function nextDeadline({ hosted }: Snapshot): Action {
  return deadline(awaitChange, hosted.now, ...deadlinesOf(hosted))
}

// A pass that ended before it reported anything: says so on its control plane — shell
import { type Condition, controlPlaneCondition, type KubeObject, type ResourceType } from '@k0smotron-ts/api'
import type { Failure, Shell } from '@k0smotron-ts/runtime'
import { reportBesideKnown } from '@k0smotron-ts/runtime/shell'

interface Failed {
  readonly type: ResourceType
  readonly object: KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } }
  readonly isInitialized: boolean
}

/** Whether what is known is still so, nobody can tell. */
export async function reportHostedFailure(
  shell: Shell,
  { isInitialized, ...about }: Failed,
  { reason, message, words }: Failure,
): Promise<void> {
  const status = isInitialized ? ('Unknown' as const) : ('False' as const)
  const condition = { type: controlPlaneCondition.available, status, reason, message }
  await reportBesideKnown(shell, about, { conditions: [condition], words })
}

// A pass that ended before it reported anything: says so on its control plane — shell
import { controlPlaneCondition, type ResourceType } from '@k0smotron-ts/api'
import { type Failure, keyOf, type Shell, withConditions } from '@k0smotron-ts/runtime'
import { type ObjectMetrics, reportBesideKnown } from '@k0smotron-ts/runtime/shell'
import { controlPlaneReport, type Measured } from './metrics.ts'

interface Failed {
  readonly type: ResourceType
  readonly object: Measured
  readonly cluster: string
  readonly isInitialized: boolean
}

/** Whether what is known is still so, nobody can tell. */
export async function reportHostedFailure(
  shell: Shell,
  { isInitialized, cluster, ...about }: Failed,
  { reason, message, words }: Failure,
  metrics: ObjectMetrics,
): Promise<void> {
  const status = isInitialized ? ('Unknown' as const) : ('False' as const)
  const condition = { type: controlPlaneCondition.available, status, reason, message }
  const said = withConditions(about.object.status, [condition])
  metrics(
    { ...keyOf(about.object), kind: about.type.kind },
    controlPlaneReport(about.object, said, { cluster, now: shell.now() }),
  )
  await reportBesideKnown(shell, about, { conditions: [condition], words })
}

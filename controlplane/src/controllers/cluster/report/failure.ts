// A pass that ended before it reported anything: says so on its Cluster — shell
import { controlPlaneCondition, isPaused, k0smotronCluster, type ObjectKey } from '@k0smotron-ts/api'
import { conditionIn, type Failure, type Shell } from '@k0smotron-ts/runtime'
import type { ObjectMetrics } from '@k0smotron-ts/runtime/shell'
import { reportHostedFailure } from '../../../hosted/report/failure.ts'

export async function reportFailure(
  key: ObjectKey,
  shell: Shell,
  failure: Failure,
  metrics: ObjectMetrics,
): Promise<void> {
  const object = shell.read.get(k0smotronCluster, key)
  if (!object || isPaused(undefined, object)) return
  const isInitialized = conditionIn(object.status?.conditions, controlPlaneCondition.initialized)?.status === 'True'
  const about = { type: k0smotronCluster, object, cluster: key.name, isInitialized }
  await reportHostedFailure(shell, about, failure, metrics)
}

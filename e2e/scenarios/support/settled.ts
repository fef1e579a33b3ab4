// When a control plane with several replicas has come to rest — shell
import { k0smotronControlPlane, type ObjectKey } from '@k0smotron-ts/api'
import { until } from '@k0smotron-ts/hack/testenv'
import { conditionIn } from '@k0smotron-ts/runtime'
import { patienceMs } from '../../harness/cluster.ts'
import type { Stage } from '../../harness/stage.ts'

/** All replicas and all members of etcd serve, and nothing changes any more. */
export async function untilSettled({ management }: Stage, key: ObjectKey, replicas: number): Promise<void> {
  const message = replicas === 1 ? 'the etcd member is ready' : `${replicas} of ${replicas} etcd members are ready`
  const isSettled = (conditions: Parameters<typeof conditionIn>[0]): boolean =>
    conditionIn(conditions, 'DatastoreAvailable')?.message === message &&
    conditionIn(conditions, 'Available')?.status === 'True' &&
    ['RollingOut', 'ScalingUp', 'ScalingDown'].every(one => conditionIn(conditions, one)?.status === 'False')
  await until(
    management.client,
    { type: k0smotronControlPlane, key, patienceMs },
    found => found?.status?.readyReplicas === replicas && isSettled(found.status.conditions),
  )
}

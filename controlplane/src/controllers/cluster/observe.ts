// Reads everything that one pass decides on — shell
import { k0smotronCluster, namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { type Shell, statefulSets } from '@k0smotron-ts/runtime'
import { observeHosted } from '../../hosted/observe.ts'
import type { HostedControllerDeps } from '../hosted-controller.ts'
import { hostedInput, type Snapshot } from './snapshot.ts'
import { defaultVersion } from './version.ts'

/** `undefined`: the Cluster is gone. Costs no request while nothing is out of the ordinary. */
export async function observe(key: ObjectKey, shell: Shell, deps: HostedControllerDeps): Promise<Snapshot | undefined> {
  const { read } = shell
  const cluster = read.get(k0smotronCluster, key)
  if (!cluster) return undefined
  const { uid = '' } = cluster.metadata
  const { statefulSet } = namesOf(key.name)
  const k0sSet = read.by(statefulSets, 'owner', uid).find(({ metadata }) => metadata.name === statefulSet)
  const version = defaultVersion(cluster, k0sSet)
  const hosted = await observeHosted(hostedInput(cluster, version), shell, deps)
  return { cluster, ...(version !== undefined && { defaultVersion: version }), hosted }
}

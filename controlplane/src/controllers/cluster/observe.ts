// Reads everything that one pass decides on — shell
import { type K0smotronCluster, k0smotronCluster, namesOf, type ObjectKey } from '@k0smotron-ts/api'
import { type Reader, type Shell, type StatefulSet, statefulSets } from '@k0smotron-ts/runtime'
import { observeHosted } from '../../hosted/observe.ts'
import type { HostedControllerDeps } from '../hosted-controller.ts'
import { hostedInput, type Snapshot } from './snapshot.ts'
import { defaultVersion } from './version.ts'

/** `undefined`: the Cluster is gone. Costs no request while nothing is out of the ordinary. */
export async function observe(key: ObjectKey, shell: Shell, deps: HostedControllerDeps): Promise<Snapshot | undefined> {
  const { read } = shell
  const cluster = read.get(k0smotronCluster, key)
  if (!cluster) return undefined
  const version = defaultVersion(cluster, k0sSetOf(cluster, read))
  const hosted = await observeHosted(hostedInput(cluster, version), shell, deps)
  return { cluster, ...(version !== undefined && { defaultVersion: version }), hosted }
}

/** Also one that a restore brought back without its owner: what it runs is older than this pass, which takes it back. */
function k0sSetOf({ metadata }: K0smotronCluster, read: Reader): StatefulSet | undefined {
  const { name = '', namespace, uid = '' } = metadata
  const { statefulSet } = namesOf(name)
  const sets = [...read.by(statefulSets, 'owner', uid), ...read.by(statefulSets, 'ownerless', `${namespace}/${name}`)]
  return sets.find(set => set.metadata.name === statefulSet)
}

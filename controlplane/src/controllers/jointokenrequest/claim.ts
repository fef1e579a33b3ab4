// What is written into the metadata of a JoinTokenRequest — core
import { apiVersionOf, joinTokenFinalizer, k0smotronCluster } from '@k0smotron-ts/api'
import { finalizerAddition, type GuardedPatch, guards } from '@k0smotron-ts/runtime'
import { isAcrossNamespaces } from './identity.ts'
import type { Observed } from './observed.ts'

/** The finalizer; and the Cluster as an owner, which takes the request with it. No owner is in another namespace. */
export function claimOf({ cluster, request }: Observed): GuardedPatch | undefined {
  if (!cluster) return undefined
  const { ownerReferences } = request.metadata
  const { name = '', uid = '' } = cluster.metadata
  const owner = { apiVersion: apiVersionOf(k0smotronCluster), kind: k0smotronCluster.kind, name, uid }
  const isOwned = isAcrossNamespaces(request) || ownerReferences?.some(one => one.uid === uid)
  const additions = [
    ...finalizerAddition(request, joinTokenFinalizer),
    ...(isOwned
      ? []
      : [{ op: 'add' as const, path: '/metadata/ownerReferences', value: [...(ownerReferences ?? []), owner] }]),
  ]
  return additions.length === 0 ? undefined : { operations: [...guards(request), ...additions] }
}

// The controller of LabCluster — shell
import { type Cluster, clusters, type ObjectKey, ownerOfKind } from '@k0smotron-ts/api'
import { type Action, awaitChange, beside, type Controller, keyOf, type Shell, wakeOn } from '@k0smotron-ts/runtime'
import { byOwner, indexed } from '../../keys.ts'
import { type LabCluster, labCluster } from '../../kinds/lab-cluster.ts'
import { statusOf } from './status.ts'

export function createLabClusterController(within: { readonly namespace?: string }): Controller {
  return {
    name: 'labcluster',
    primary: labCluster,
    wakes: [
      wakeOn<LabCluster>({ ...within, type: labCluster, indexes: { owner: byOwner('Cluster') } }, object => [
        keyOf(object),
      ]),
      wakeOn<Cluster>({ ...within, type: clusters }, (cluster, read) =>
        read.by(labCluster, 'owner', indexed(cluster)).map(keyOf),
      ),
    ],
    reconcile,
  }
}

/** There is nothing to make, so nothing to remove: no finalizer. */
async function reconcile(key: ObjectKey, { read, report }: Shell): Promise<Action> {
  const live = read.get(labCluster, key)
  if (!live || live.metadata.deletionTimestamp || isManagedByOthers(live)) return awaitChange
  const owner = ownerOfKind(live, 'Cluster')
  await report(labCluster, live, statusOf(live, owner && read.get(clusters, beside(live, owner.name))))
  return awaitChange
}

/** An outside party fills spec and status, and we do not touch them (contract: Externally managed infrastructure). */
function isManagedByOthers({ metadata: { labels, annotations } }: LabCluster): boolean {
  const managedBy = 'cluster.x-k8s.io/managed-by'
  return labels?.[managedBy] !== undefined || annotations?.[managedBy] !== undefined
}

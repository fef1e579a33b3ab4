// The controller of LabMachinePool — shell
import { type Cluster, clusters } from '@k0smotron-ts/api'
import { type Controller, keyOf, wakeOn } from '@k0smotron-ts/runtime'
import { byCluster, byOwner, indexed } from '../../keys.ts'
import { type LabMachinePool, labMachinePool } from '../../kinds/lab-machine-pool.ts'
import type { Machines } from '../../machines/machines.ts'
import { ownerOf } from '../../machines/provider-id.ts'
import { type SizedPool, sizedPools } from './observe.ts'
import { reconcile } from './reconciler.ts'

export function createLabMachinePoolController(
  within: { readonly namespace?: string },
  machines: Machines,
): Controller {
  return {
    name: 'labmachinepool',
    primary: labMachinePool,
    wakes: [
      wakeOn<LabMachinePool>(
        { ...within, type: labMachinePool, indexes: { pool: byOwner('MachinePool'), cluster: byCluster } },
        object => [keyOf(object)],
      ),
      wakeOn<SizedPool>({ ...within, type: sizedPools }, (pool, read) =>
        read.by(labMachinePool, 'pool', indexed(pool)).map(keyOf),
      ),
      wakeOn<Cluster>({ ...within, type: clusters }, (cluster, read) =>
        read.by(labMachinePool, 'cluster', indexed(cluster)).map(keyOf),
      ),
    ],
    listen: (wake, signal) =>
      machines.follow(providerID => {
        const { kind, key } = ownerOf(providerID)
        if (kind === 'pool') wake(key)
      }, signal),
    reconcile: (key, shell) => reconcile(key, shell, machines),
  }
}

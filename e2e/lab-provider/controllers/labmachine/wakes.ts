// What wakes a LabMachine — core
import { type Cluster, clusters, type Machine, machines } from '@k0smotron-ts/api'
import { keyOf, type Wake, wakeOn } from '@k0smotron-ts/runtime'
import { byCluster, byOwner, indexed } from '../../keys.ts'
import { type LabMachine, labMachine } from '../../kinds/lab-machine.ts'

/** Everything that a pass reads, and everything that can end a wait. `namespace`: the only one to look at. */
export function wakesOf(within: { readonly namespace?: string }): readonly Wake[] {
  return [
    wakeOn<LabMachine>(
      { ...within, type: labMachine, indexes: { machine: byOwner('Machine'), cluster: byCluster } },
      object => [keyOf(object)],
    ),
    wakeOn<Machine>({ ...within, type: machines }, (machine, read) =>
      read.by(labMachine, 'machine', indexed(machine)).map(keyOf),
    ),
    wakeOn<Cluster>({ ...within, type: clusters }, (cluster, read) =>
      read.by(labMachine, 'cluster', indexed(cluster)).map(keyOf),
    ),
  ]
}

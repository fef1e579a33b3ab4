// Reads everything that one pass over a LabMachine decides on — shell
import {
  type Cluster,
  clusterNameLabel,
  clusters,
  type Machine,
  machines,
  type ObjectKey,
  ownerOfKind,
} from '@k0smotron-ts/api'
import { beside, type KubeSecret, type Reader, secrets } from '@k0smotron-ts/runtime'
import { type LabMachine, labMachine } from '../../kinds/lab-machine.ts'
import type { Machines, PresentMachine } from '../../machines/machines.ts'
import { identityOf } from '../../machines/provider-id.ts'

export interface Observed {
  readonly labMachine: LabMachine
  /** The owner, once core has set it. */
  readonly machine?: Machine
  readonly cluster?: Cluster
  /** Read only until the machine is switched on: later it may go. */
  readonly secret?: KubeSecret
  /** The real one. */
  readonly present?: PresentMachine
}

/** `undefined`: the LabMachine is gone. Costs no request, but for the first read of the bootstrap data. */
export async function observe(key: ObjectKey, read: Reader, real: Machines): Promise<Observed | undefined> {
  const live = read.get(labMachine, key)
  if (!live) return undefined
  const owner = ownerOfKind(live, 'Machine')
  const machine = owner && read.get(machines, beside(live, owner.name))
  const cluster = machine?.spec.clusterName ?? live.metadata.labels?.[clusterNameLabel]
  const found = cluster === undefined ? undefined : read.get(clusters, beside(live, cluster))
  const name = isDone(live) ? undefined : machine?.spec.bootstrap?.dataSecretName
  const secret = name === undefined ? undefined : await read.referenced(secrets, beside(live, name))
  const present = real.find(identityOf(live))
  return {
    labMachine: live,
    ...(machine && { machine }),
    ...(found && { cluster: found }),
    ...(secret && { secret }),
    ...(present && { present }),
  }
}

function isDone({ metadata, spec }: LabMachine): boolean {
  return metadata.deletionTimestamp !== undefined || spec.providerID !== undefined
}

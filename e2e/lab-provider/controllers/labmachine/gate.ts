// The reasons not to switch a machine on — core
import { ownerOfKind } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import { type UserData, userDataOf } from '../../bootstrap-data.ts'
import { readyReason } from '../../kinds/conditions.ts'
import type { Observed } from './observe.ts'

/** What the machine is to be switched on with, or why not yet. Each wait names what ends it, and that is watched. */
export function admit(observed: Observed): UserData {
  const { machine, secret } = observed
  const wait = ownerWait(observed) ?? clusterWait(observed)
  return wait || !machine ? { wait: wait ?? noOwner } : userDataOf(machine.spec, secret)
}

const noOwner: Wait = {
  reason: readyReason.waitingForOwner,
  message: 'waiting for Cluster API to set a Machine as the owner',
}

/** A MachineSet owns the object until its Machine does. */
function ownerWait({ labMachine, machine }: Observed): Wait | undefined {
  if (machine) return undefined
  const owner = ownerOfKind(labMachine, 'Machine')
  return owner ? { ...noOwner, message: `Machine ${owner.name}, the owner, does not exist` } : noOwner
}

function clusterWait({ machine, cluster }: Observed): Wait | undefined {
  const name = machine?.spec.clusterName
  if (!cluster) return { reason: readyReason.waitingForCluster, message: `Cluster ${name} does not exist` }
  if (cluster.status?.initialization?.infrastructureProvisioned) return undefined
  const message = `waiting for the infrastructure of Cluster ${name} to be provisioned`
  return { reason: readyReason.waitingForClusterInfrastructure, message }
}

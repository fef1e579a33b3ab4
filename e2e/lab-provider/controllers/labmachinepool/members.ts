// Which machines a LabMachinePool should have — core
import { ownerOfKind } from '@k0smotron-ts/api'
import type { Wait } from '@k0smotron-ts/runtime'
import { type UserData, userDataOf } from '../../bootstrap-data.ts'
import { readyReason } from '../../kinds/conditions.ts'
import type { LabMachinePool } from '../../kinds/lab-machine-pool.ts'
import type { MachineIdentity } from '../../machines/machines.ts'
import { memberOf, memberWith } from '../../machines/provider-id.ts'
import type { Observed } from './observe.ts'

/** As many as the MachinePool wants. */
export function wantedMembers({ labPool, machinePool }: Observed): readonly MachineIdentity[] {
  const { replicas = 1 } = machinePool?.spec ?? {}
  return Array.from({ length: replicas }, (_, ordinal) => memberOf(labPool, ordinal))
}

/** Those that were switched on, or were about to be. */
export function knownMembers(labPool: LabMachinePool): readonly MachineIdentity[] {
  return (labPool.spec.providerIDList ?? []).flatMap(providerID => memberWith(labPool, providerID) ?? [])
}

/** Those of the first list that are not in the second. */
export function without(
  members: readonly MachineIdentity[],
  others: readonly MachineIdentity[],
): readonly MachineIdentity[] {
  const ids = new Set(others.map(({ providerID }) => providerID))
  return members.filter(({ providerID }) => !ids.has(providerID))
}

/** The reasons not to look at machines at all. Each wait names what ends it, and that is watched. */
export function blockedBy({ labPool, machinePool, cluster }: Observed): Wait | undefined {
  if (!machinePool) return ownerWait(labPool)
  const { clusterName } = machinePool.spec
  if (!cluster) return { reason: readyReason.waitingForCluster, message: `Cluster ${clusterName} does not exist` }
  if (cluster.status?.initialization?.infrastructureProvisioned) return undefined
  const message = `waiting for the infrastructure of Cluster ${clusterName} to be provisioned`
  return { reason: readyReason.waitingForClusterInfrastructure, message }
}

function ownerWait(labPool: LabMachinePool): Wait {
  const owner = ownerOfKind(labPool, 'MachinePool')
  const message = owner
    ? `MachinePool ${owner.name}, the owner, does not exist`
    : 'waiting for Cluster API to set a MachinePool as the owner'
  return { reason: readyReason.waitingForOwner, message }
}

/** What a further machine is switched on with. */
export function dataOf({ machinePool, secret }: Observed): UserData {
  return userDataOf(machinePool?.spec.template.spec ?? { clusterName: '' }, secret)
}

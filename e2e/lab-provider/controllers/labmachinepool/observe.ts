// Reads everything that one pass over a LabMachinePool decides on — shell
import {
  type Cluster,
  clusterNameLabel,
  clusters,
  type MachinePool,
  machinePools,
  type ObjectKey,
  ownerOfKind,
  type ResourceType,
} from '@k0smotron-ts/api'
import { beside, type KubeSecret, type Reader, secrets } from '@k0smotron-ts/runtime'
import { type LabMachinePool, labMachinePool } from '../../kinds/lab-machine-pool.ts'

/** A MachinePool with what only infrastructure reads of it. */
export type SizedPool = MachinePool & { readonly spec: { readonly replicas?: number } }
export const sizedPools: ResourceType<SizedPool> = machinePools

export interface Observed {
  readonly labPool: LabMachinePool
  /** The owner, once core has set it. */
  readonly machinePool?: SizedPool
  readonly cluster?: Cluster
  /** Machines may be added at any time, so it is always watched. */
  readonly secret?: KubeSecret
}

/** `undefined`: the pool is gone. Costs no request, but for the first read of the bootstrap data. */
export async function observe(key: ObjectKey, read: Reader): Promise<Observed | undefined> {
  const labPool = read.get(labMachinePool, key)
  if (!labPool) return undefined
  const owner = ownerOfKind(labPool, 'MachinePool')
  const machinePool = owner && read.get(sizedPools, beside(labPool, owner.name))
  const cluster = machinePool?.spec.clusterName ?? labPool.metadata.labels?.[clusterNameLabel]
  const found = cluster === undefined ? undefined : read.get(clusters, beside(labPool, cluster))
  const name = machinePool?.spec.template.spec.bootstrap?.dataSecretName
  const secret = name === undefined ? undefined : await read.referenced(secrets, beside(labPool, name))
  return {
    labPool,
    ...(machinePool && { machinePool }),
    ...(found && { cluster: found }),
    ...(secret && { secret }),
  }
}

// Every kind of the lab provider — core
import type { Kind } from '@k0smotron-ts/api/schema'
import { labCluster } from './lab-cluster.ts'
import { labMachine } from './lab-machine.ts'
import { labMachinePool } from './lab-machine-pool.ts'
import { labClusterTemplate, labMachinePoolTemplate, labMachineTemplate } from './templates.ts'

export const labKinds: readonly Kind[] = [
  labCluster,
  labClusterTemplate,
  labMachine,
  labMachineTemplate,
  labMachinePool,
  labMachinePoolTemplate,
]

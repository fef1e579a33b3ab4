// The lab's infrastructure provider — shell
import { watchFilterLabel } from '@k0smotron-ts/api'
import type { Provider } from '@k0smotron-ts/runtime/shell'
import { createLabClusterController } from './controllers/labcluster/controller.ts'
import { createLabMachineController } from './controllers/labmachine/controller.ts'
import { createLabMachinePoolController } from './controllers/labmachinepool/controller.ts'
import type { Machines } from './machines/machines.ts'

export interface LabProviderOptions {
  /** What is behind LabMachines; the same for every provider that takes over from another. */
  readonly machines: Machines
}

/** Speaks the contract with Cluster API and nothing else: it knows no bootstrap or control plane provider. */
export function labProvider({ machines }: LabProviderOptions): Provider {
  return {
    name: 'lab',
    fieldManager: 'lab-provider',
    controllers: ({ flags: { namespace } }) => {
      const within = namespace === undefined ? {} : { namespace }
      return [
        createLabClusterController(within),
        createLabMachineController(within, machines),
        createLabMachinePoolController(within, machines),
      ]
    },
    watchFilterLabel,
  }
}

// The lab's infrastructure provider: a test tool, and the proof that any infrastructure provider works with ours — shell

export { labKinds } from './kinds/kinds.ts'
export { type LabCluster, labCluster } from './kinds/lab-cluster.ts'
export { type LabMachine, labMachine } from './kinds/lab-machine.ts'
export { type LabMachinePool, labMachinePool } from './kinds/lab-machine-pool.ts'
export { labClusterTemplate, labMachinePoolTemplate, labMachineTemplate } from './kinds/templates.ts'
export { labMachines, type MachineImage } from './machines/lab-machines.ts'
export type { Bootstrap, Machines } from './machines/machines.ts'
export { statusOnlyMachines } from './machines/status-only.ts'
export { labManifests } from './manifests.ts'
export { type LabProviderOptions, labProvider } from './provider.ts'
export { labRights } from './rights.ts'

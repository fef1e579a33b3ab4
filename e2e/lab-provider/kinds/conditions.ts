// Conditions of the lab provider's kinds and their reasons — core

/** Summary; Cluster API core mirrors it as InfrastructureReady (contract: InfraMachine: conditions). */
export const ready = 'Ready'

/** Whether the machine made of its bootstrap data what it should: cloud-init without an error, and the sentinel file. */
export const bootstrapSucceeded = 'BootstrapSucceeded'

/** Reasons of Ready while something is waited for, and of its end. */
export const readyReason = {
  /** No Cluster, Machine or MachinePool owns the object yet. */
  waitingForOwner: 'WaitingForOwner',
  /** The owner's Cluster does not exist. */
  waitingForCluster: 'WaitingForCluster',
  /** What spec.waitFor names is not there yet. */
  waitingForEndpoint: 'WaitingForEndpoint',
  waitingForControlPlane: 'WaitingForControlPlane',
  /** The Cluster's infrastructure is not provisioned yet. */
  waitingForClusterInfrastructure: 'WaitingForClusterInfrastructure',
  /** The owner names no bootstrap data yet, or the Secret is not there. */
  waitingForBootstrapData: 'WaitingForBootstrapData',
  /** The Secret holds something that no machine of the lab can boot from. */
  invalidBootstrapData: 'InvalidBootstrapData',
  poweringOn: 'PoweringOn',
  powerOnFailed: 'PowerOnFailed',
  /** The machine was there once, and is not any more. */
  machineGone: 'MachineGone',
  bootstrapFailed: 'BootstrapFailed',
  deleting: 'Deleting',
  provisioned: 'Provisioned',
} as const

/** Reasons of BootstrapSucceeded. */
export const bootstrapReason = {
  running: 'CloudInitRunning',
  succeeded: 'CloudInitSucceeded',
  failed: 'CloudInitFailed',
  unknown: 'CloudInitUnknown',
} as const

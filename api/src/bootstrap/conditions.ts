// Conditions of K0sWorkerConfig and their reasons — core
import { failureReason, hibernated } from '../conditions.ts'

/** True once the Secret with the bootstrap data is stored. */
export const dataSecretAvailable = 'DataSecretAvailable'

/** Reasons of DataSecretAvailable. */
export const dataSecretReason = {
  /** The Secret is stored; its name is in status.dataSecretName. */
  available: 'Available',
  ...failureReason,
  /** The Cluster has no control plane endpoint yet, or its control plane is not initialized. */
  waitingForControlPlaneInitialization: 'WaitingForControlPlaneInitialization',
  /** No Machine or MachinePool owns the config yet (Cluster API core sets the owner). */
  waitingForOwner: 'WaitingForOwner',
  /** The owner's Cluster does not exist (yet). */
  waitingForCluster: 'WaitingForCluster',
  /** The certificate authority `<cluster>-ca` is not there yet. */
  waitingForCertificates: 'WaitingForCertificates',
  /** The kubeconfig Secret `<cluster>-kubeconfig` is not there yet, or is not acceptable. */
  waitingForKubeconfig: 'WaitingForKubeconfig',
  /** The control plane hibernates: its pods are stopped, and nobody answers until it is woken. */
  hibernated,
  /** The workload API does not answer. */
  controlPlaneUnreachable: 'ControlPlaneUnreachable',
  /** The workload API answers, and refuses a request; an Event has its answer. */
  workloadRefused: 'WorkloadRefused',
  /** A Secret or ConfigMap that the spec refers to is missing, or lacks the key. */
  waitingForReference: 'WaitingForReference',
  /** The spec cannot be rendered; the message names the field and the value. */
  invalidSpec: 'InvalidSpec',
  /** The data would not fit into a Secret; the message names the largest parts. */
  dataTooLarge: 'DataTooLarge',
  /** A field is set that no renderer handles yet, and the data would be wrong without it. */
  notSupported: 'NotSupported',
  /** The API server refused the Secret; an Event has its answer. */
  applyRefused: 'ApplyRefused',
  /** An object of that name is there and belongs to someone else. */
  notOurs: 'NotOurs',
  /** The Secret with the join token holds none. */
  invalidJoinToken: 'InvalidJoinToken',
} as const

/** False when the data is larger than what is known of the infrastructure's user data; absent else. It blocks nothing. */
export const dataFits = 'DataFits'

export const dataFitsReason = {
  /** Larger than plain user data of that infrastructure may be. */
  overInfrastructureLimit: 'OverInfrastructureLimit',
} as const

/**
 * False while something hinders a machine from joining that has its data; absent while nothing does. The data stays
 * available: DataSecretAvailable speaks of that alone.
 */
export const joinable = 'Joinable'

/** Reasons of Joinable, beside those of DataSecretAvailable that say why the workload API cannot be used. */
export const joinableReason = {
  /** The node has another provider ID than the Machine: Cluster API core will never find it. */
  providerIDMismatch: 'ProviderIDMismatch',
  /** A node has the name or the label of the Machine, and not both: it gets no provider ID. */
  nodeMismatch: 'NodeMismatch',
  /** The workload cluster has more nodes or bootstrap tokens than are remembered: for a while they are not looked at. */
  tooManyObjects: 'TooManyObjects',
  /** The machine has not joined in the time for which its join token is extended. */
  joinTokenExpired: 'JoinTokenExpired',
  /** A cloud controller is asked for by spec.args: it gives the node its provider ID, and Cluster API waits for that. */
  waitingForCloudController: 'WaitingForCloudController',
} as const

/** Summary: the bootstrap data is there. Mirrored by Cluster API core to the Machine's BootstrapConfigReady (contract: BootstrapConfig: conditions). */
export const ready = 'Ready'

export const readyReason = { ready: 'Ready', notReady: 'NotReady' } as const

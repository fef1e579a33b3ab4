// Conditions of K0smotronControlPlane and their reasons — core
import { failureReason, hibernated } from '../conditions.ts'

/** Where clients and workers reach the API server is known and published. */
export const endpointAvailable = 'EndpointAvailable'

export const endpointReason = {
  available: 'EndpointAvailable',
  /** The Service is being made. */
  waitingForService: 'WaitingForService',
  /** Nobody gives the LoadBalancer Service an address; is a load-balancer controller installed? */
  waitingForLoadBalancer: 'WaitingForLoadBalancer',
  /** No node of the hosting cluster has an address for the NodePort Service. */
  waitingForNodeAddress: 'WaitingForNodeAddress',
  /** A host is written somewhere that not every client would read alike; the message names field, value and what to write. */
  invalid: 'InvalidEndpoint',
  /** The published endpoint is not true any more: workers still have the old one. */
  stale: 'EndpointStale',
  /** The endpoint leads elsewhere, or two objects have different ones. */
  mismatch: 'EndpointMismatch',
  /** Somebody else wrote the endpoint down, and the API server has not answered there yet. */
  waitingForAnswer: 'WaitingForEndpointAnswer',
} as const

/**
 * Whether the infrastructure object says that it is there; only where its annotation names somebody else than its own
 * provider, and until Cluster API core has read it.
 */
export const infrastructureProvisioned = 'InfrastructureProvisioned'

export const infrastructureReason = {
  provisioned: 'InfrastructureProvisioned',
  waitingForEndpoint: 'WaitingForEndpoint',
  /** The annotation names neither us nor its own provider. */
  managedElsewhere: 'ManagedElsewhere',
  /** The definition of the kind lacks the field that its contract asks for. */
  noSuchField: 'InfrastructureFieldMissing',
  /** Our rights do not cover the kind: they can be left out. */
  mayNotRead: 'InfrastructureMayNotBeRead',
} as const

/** Certificate authorities and leaf certificates are there and valid. */
export const certificatesAvailable = 'CertificatesAvailable'

export const certificatesReason = {
  available: 'CertificatesAvailable',
  waitingForCertificates: 'WaitingForCertificates',
  /** An authority is gone with which the control plane was made; a new one would cut off its datastore and its nodes. */
  authorityLost: 'AuthorityLost',
  /** A Secret cannot be used: its parts do not fit together, or it is not the one that the control plane was made with. */
  invalid: 'InvalidCertificate',
  /** An authority is in the last part of its life; the condition is still true. */
  authorityEndsSoon: 'AuthorityEndsSoon',
} as const

/** True while a certificate is in its renewal window or over: renewing it fails, or nobody renews it. False is good. */
export const certificatesExpiring = 'CertificatesExpiring'

export const expiringReason = {
  notExpiring: 'CertificatesNotExpiring',
  expiring: 'CertificatesExpiring',
  /** A Secret cannot be read as what it should hold; CertificatesAvailable says why. */
  unreadable: 'CertificatesUnreadable',
} as const

/** The datastore runs and has quorum. */
export const datastoreAvailable = 'DatastoreAvailable'

export const datastoreReason = {
  available: 'DatastoreAvailable',
  /** k0s is given a database; only its pods see whether it answers. */
  configured: 'DatastoreConfigured',
  waitingForCertificates: 'WaitingForCertificates',
  waitingForMembers: 'WaitingForMembers',
  /** etcd serves, and members are added, removed or replaced. */
  changingMembers: 'ChangingMembers',
  /** etcd serves, and the database of a member is near its quota; the condition is still true. */
  nearlyFull: 'DatastoreNearlyFull',
  /** The database has reached its quota: etcd refuses all writes. */
  outOfSpace: 'DatastoreOutOfSpace',
  /** Members of etcd have different data, and refuse all writes. */
  corrupt: 'DatastoreCorrupt',
  /** The control plane had a datastore, and neither it nor its volume is here: after a move, or a restore. */
  lost: 'DatastoreLost',
  /** The volume that the datastore would start on holds the data of another cluster. */
  volumeFound: 'DatastoreVolumeFound',
  /** The Secret with the data source is not there. */
  waitingForDataSource: 'WaitingForDataSource',
  /** What spec and Secret say is no data source that k0s can use. */
  invalidDataSource: 'InvalidDataSource',
  /** The spec names another kind of datastore, or another database, than the control plane was made with. */
  changed: 'DatastoreChanged',
} as const

/** The pods of the control plane run and are ready. */
export const controlPlaneComponentsHealthy = 'ControlPlaneComponentsHealthy'

export const componentsReason = {
  healthy: 'ControlPlaneComponentsHealthy',
  waitingForEndpoint: 'WaitingForEndpoint',
  waitingForCertificates: 'WaitingForCertificates',
  waitingForDatastore: 'WaitingForDatastore',
  waitingForPods: 'WaitingForPods',
  /** The volume of a pod is being made; is there a StorageClass? */
  waitingForVolume: 'WaitingForVolume',
  podsFailing: 'PodsFailing',
  podSecurityRefused: 'PodSecurityRefused',
  quotaExceeded: 'QuotaExceeded',
  invalidConfig: 'InvalidK0sConfig',
  /** The network of a workload cluster that lives would become another one. */
  networkChanged: 'NetworkChanged',
  /** Nothing tells which network the workload cluster was made with. */
  networkUnknown: 'NetworkUnknown',
  versionMismatch: 'VersionMismatch',
  /** It may not follow on the version that runs. */
  versionRefused: 'VersionRefused',
} as const

/** Pods are being replaced because what they consume at start changed. */
export const rollingOut = 'RollingOut'
export const scalingUp = 'ScalingUp'
export const scalingDown = 'ScalingDown'

export const rolloutReason = {
  rollingOut: 'RollingOut',
  notRollingOut: 'NotRollingOut',
  scalingUp: 'ScalingUp',
  notScalingUp: 'NotScalingUp',
  scalingDown: 'ScalingDown',
  notScalingDown: 'NotScalingDown',
  /** The pods run what the spec said before; another condition says what keeps the spec from being applied. */
  specNotApplied: 'SpecNotApplied',
  /** Kubernetes has not looked at the changed StatefulSet yet. */
  waitingForStatefulSet: 'WaitingForStatefulSet',
} as const

/** The Secret `<cluster>-kubeconfig` holds a working credential for the published endpoint. */
export const kubeconfigAvailable = 'KubeconfigAvailable'

export const kubeconfigReason = {
  available: 'KubeconfigAvailable',
  waitingForEndpoint: 'WaitingForEndpoint',
  waitingForCertificates: 'WaitingForCertificates',
} as const

/** ConfigMap `<cluster>-oidc` has what others verify tokens of service accounts with. Nothing else waits for it. */
export const oidcDocumentsAvailable = 'OIDCDocumentsAvailable'

export const oidcReason = {
  available: 'OIDCDocumentsAvailable',
  /** No token can have been signed yet. */
  waitingForAnswer: 'WaitingForFirstAnswer',
  waitingForCertificates: 'WaitingForCertificates',
  /** The keys are there; of such an issuer the API server serves no discovery document, or each one another. Still true. */
  keysOnly: 'IssuerNotDiscoverable',
  /** The API server is given other keys, or another issuer, than we know of. */
  keysElsewhere: 'TokenKeysElsewhere',
  /** The Secret has more public keys than are published. */
  tooManyKeys: 'TooManyTokenKeys',
} as const

/** The API server has answered at least once; never taken back (contract: ControlPlane: initialization completed). */
export const initialized = 'Initialized'

/** The API server answers now (contract: ControlPlane: conditions). */
export const available = 'Available'

export const availableReason = {
  available: 'Available',
  notAvailable: 'NotAvailable',
  initialized: 'Initialized',
  notInitialized: 'NotInitialized',
  /** The last question to the workload API failed. */
  unreachable: 'APIServerUnreachable',
} as const

/** True while the control plane is being deleted; the message says what is still there. */
export const deleting = 'Deleting'

export const deletingReason = { deleting: 'Deleting', notDeleting: 'NotDeleting' } as const

/** Whether `clusterctl move` may take the control plane elsewhere. */
export const movable = 'Movable'

export const movableReason = {
  /** Pods and volumes cannot move; `clusterctl move` waits until someone decides otherwise. */
  podsAndVolumesStay: 'PodsAndVolumesStay',
  /** A user asked for it: pods and volumes stay when the object goes. */
  prepared: 'PreparedForMove',
} as const

/** Reasons that any phase can have. */
export const anyPhaseReason = {
  /** spec.version is empty or not a k0s version. */
  invalidVersion: 'InvalidVersion',
  /** An object of that name exists and belongs to someone else. */
  notOurs: 'NotOurs',
  /** The API server refused an object for good; an Event has its answer. */
  applyRefused: 'ApplyRefused',
  /** Another manager keeps taking fields of ours; the message names it. */
  contested: 'Contested',
  /** A field is set that would need a part which this release does not have. */
  notSupported: 'NotSupported',
  /** Somebody wants no pods for now: nothing is wrong. */
  hibernated,
  ...failureReason,
  /** No Cluster owns this control plane yet. */
  waitingForOwner: 'WaitingForOwner',
  /** k0smotron made the object for a K0smotronControlPlane, which does without here. */
  ofControlPlane: 'OfControlPlane',
  /** The Cluster's name is too long for the names of the pods. */
  clusterNameTooLong: 'ClusterNameTooLong',
} as const

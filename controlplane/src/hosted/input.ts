// What a kind says about one hosted control plane: plain values, made by the kind's `observe` — core
import {
  type APIEndpoint,
  type HostedSpec,
  type HostedStatus,
  keepsMembers,
  type ObjectMeta,
  type ResourceType,
  renewCertificatesAnnotation,
  type ServiceAdditions,
  serviceAdditions,
} from '@k0smotron-ts/api'
import type { ConditionDraft } from '@k0smotron-ts/runtime'
import type { Datastore, DatastoreType } from './datastore/datastore.ts'
import { type SleepAnnotations, sleepIn } from './facts/sleep.ts'

export type { HostedSpec }
export type Endpoint = Required<APIEndpoint>

/** The object that all parts of the control plane belong to. */
export interface Owner {
  readonly type: ResourceType
  readonly name: string
  readonly namespace: string
  readonly uid: string
}

/** The network of the workload cluster, where something else than the k0s configuration says it. */
export interface ClusterNetwork {
  readonly pods?: { readonly cidrBlocks?: readonly string[] }
  readonly services?: { readonly cidrBlocks?: readonly string[] }
  readonly serviceDomain?: string
}

/** Endpoints that are written down somewhere, by where they are. */
export interface KnownEndpoints {
  /** In our own object: the user's, or the one that we published. */
  readonly spec?: Endpoint
  /** The field of our own object in which a user sets it. */
  readonly field: string
  readonly cluster?: Endpoint
  /** Only looked for while the Cluster has none: Cluster API core will copy this one. */
  readonly infrastructure?: Endpoint
  /** What people call the two objects that are not ours: kind and name. */
  readonly objects?: { readonly cluster?: string; readonly infrastructure?: string }
}

/** The infrastructure object, while Cluster API core waits for it. */
export interface KnownInfrastructure {
  /** Kind and name. */
  readonly name: string
  readonly endpoint?: Endpoint
  /** Who manages the object instead of its own provider, as its annotation says. */
  readonly managedBy?: string
  readonly isProvisioned: boolean
  /** The field by which it says so; absent when its definition has none. */
  readonly provisionedField?: string
}

/** As k0smotron's guides write it. */
const ourName = 'k0smotron'

/** The object's own provider leaves it alone, and the contract asks of us what it asks of that provider. */
export function isManagedByUs({ infrastructure }: Pick<HostedInput, 'infrastructure'>): boolean {
  return infrastructure?.managedBy === ourName
}

export interface KnownPorts {
  readonly api: number
  readonly konnectivity: number
  readonly serviceType?: string
}

/** What earlier passes wrote down in our own object. All of it may be lost with a move or a restore. */
export interface Memory {
  /** The API server has answered once; never taken back. */
  readonly initialized: boolean
  readonly datastoreFormed: boolean
  /** Which datastore that was, where it is known. */
  readonly formedType?: DatastoreType
  /** Of the spec as it is, an earlier release said that its replicas have no effect: it runs with one, and nobody has asked since. */
  readonly replicasUnused?: true
  /** Likewise of the arguments of etcd. */
  readonly etcdArgsUnused?: true
  /** The oldest version that ran, as it was spelled. */
  readonly version?: string
  readonly ports?: KnownPorts
  readonly publishedEndpoint?: Endpoint
  /** What was said of etcd's databases. */
  readonly etcd?: NonNullable<HostedStatus['etcd']>
  /** The condition Available as it was reported last. */
  readonly available?: ConditionDraft
  /** The condition EndpointAvailable, likewise. */
  readonly endpointAvailable?: ConditionDraft
}

export interface HostedInput {
  readonly owner: Owner
  /** The name of the workload cluster, which all names derive from. */
  readonly clusterName: string
  readonly spec: HostedSpec
  /** What annotations of the object say of the Service. */
  readonly serviceAdditions?: ServiceAdditions
  /** Somebody asked for new leaf certificates, by an annotation of the object. */
  readonly renewsCertificates?: boolean
  /** The number of replicas takes no member of the datastore away. */
  readonly keepsMembers?: boolean
  /** When annotations of the object let it hibernate. */
  readonly sleep?: SleepAnnotations
  readonly network?: ClusterNetwork
  readonly endpoints: KnownEndpoints
  readonly infrastructure?: KnownInfrastructure
  readonly memory: Memory
  readonly datastore: Datastore
}

/** What every kind says by annotations of its objects, and by who wrote them. */
export function saidByMetadata(
  metadata: ObjectMeta,
  { replicas }: Pick<HostedSpec, 'replicas'>,
): Pick<HostedInput, 'serviceAdditions' | 'renewsCertificates' | 'keepsMembers' | 'sleep'> {
  const isWanted = metadata.annotations?.[renewCertificatesAnnotation] !== undefined
  const sleep = sleepIn(metadata)
  return {
    serviceAdditions: serviceAdditions(metadata),
    ...(isWanted && { renewsCertificates: true }),
    ...(keepsMembers(metadata, replicas) && { keepsMembers: true }),
    ...(sleep && { sleep }),
  }
}

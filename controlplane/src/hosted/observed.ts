// The snapshot that every decision is made from — core
import type {
  Event,
  KubeSecret,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  WorkloadAnswer,
} from '@k0smotron-ts/runtime'
import type { MembersAnswer } from './datastore/members.ts'
import type { Facts } from './facts/facts.ts'
import type { Scheduled } from './facts/sleep.ts'
import type { HostedInput } from './input.ts'
import type { Owned } from './owned.ts'
import type { TokenKeys } from './pki/token-keys.ts'

/** The certificates of a control plane by purpose; `sa` is a key pair without certificate. */
export type Authority = 'ca' | 'proxy' | 'sa' | 'etcd'
export type Leaf = 'etcdClient' | 'etcdServer' | 'etcdPeer'
export type Purpose = Authority | Leaf

/** What a Secret with a certificate or key pair was found to hold. */
export interface CertificateFacts {
  /** Why it cannot be used, naming the key of the Secret; absent when it can. */
  readonly fault?: string
  /** Of an authority: SHA-256 of its public key. */
  readonly fingerprint?: string
  /** Its keys are those of this control plane, whatever their age. */
  readonly fits?: true
  /** Absent for a key pair without certificate. */
  readonly notAfter?: Date
  /** When two thirds of its life are over. */
  readonly renewAt?: Date
  /** When time alone makes something else of it, and nobody renews it. */
  readonly changesAt?: Date
  /** Of an authority: it is time to think of its end. */
  readonly endsSoon?: boolean
  /** Of the pair that signs tokens, while it can be used. */
  readonly tokenKeys?: TokenKeys
}

/** What the kubeconfig Secret was found to hold. */
export interface KubeconfigFacts {
  /** Why it cannot be read, or why its credential is no good any more. */
  readonly fault?: string
  readonly server?: string
  /** PEM text. */
  readonly certificateAuthority?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly renewAt?: Date
}

/** What one pass read: once, with the time it was read at. */
export interface Live extends HostedInput, Owned {
  readonly now: Date
  /** What the schedule comes to at this time. */
  readonly scheduled?: Scheduled
  /** What has the labels of the cluster, and nobody has: a restore takes owners off. */
  readonly ownerless: Owned
  readonly secrets: Readonly<Partial<Record<Purpose | 'kubeconfig', KubeSecret>>>
  /** The claim of the datastore; only looked for while its StatefulSet is not there. */
  readonly datastoreVolume?: PersistentVolumeClaim
  /** Claims of the members, in no order. */
  readonly datastoreClaims: readonly PersistentVolumeClaim[]
  /** What the members said; absent until they were asked first, and while there is nothing to ask. */
  readonly datastoreMembers?: MembersAnswer
  /** The namespace of the manager: from there the members are asked. */
  readonly managerNamespace: string
  /** The user's Secret that tells where the data is; absent when none is named, or it is not there. */
  readonly dataSourceSecret?: KubeSecret
  readonly certificates: Readonly<Partial<Record<Purpose, CertificateFacts>>>
  readonly kubeconfig?: KubeconfigFacts
  readonly pods: readonly Pod[]
  /** Whoever made them: those that may select pods of the cluster; only looked for while a pod may wait for one. */
  readonly budgets: readonly PodDisruptionBudget[]
  /** Hashes of the configurations that a pod or a revision of the StatefulSet refers to. */
  readonly configsInUse: readonly string[]
  /** Addresses of the hosting cluster's nodes, the one to offer first; only looked for when a NodePort needs one. */
  readonly nodeAddresses: readonly string[]
  /** Our rights do not cover them, as where the provider works in one namespace only. */
  readonly mayNotReadNodes?: boolean
  /** Events about pods that the API server refused to let a StatefulSet create, in no order. */
  readonly refusedPods: readonly Event[]
  /** Absent until the first probe has an answer. */
  readonly workloadAPI?: WorkloadAnswer
}

/** What every phase decides on: what was read, and what follows from it. */
export interface Observed extends Live, Facts {}

/** The same before it is known which fields have no effect. */
export type Known = Omit<Observed, 'unsupported'>

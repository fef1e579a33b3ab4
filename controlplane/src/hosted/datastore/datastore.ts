// What differs between the datastores that a control plane may have — core
import type { Outcome, StatefulSet, Wait } from '@k0smotron-ts/runtime'
import type { Names, PodComponent } from '../identity.ts'
import type { HostedSpec } from '../input.ts'
import type { Authority, Known, Leaf, Observed, Purpose } from '../observed.ts'
import type { LeafContent } from '../pki/certificate-plan.ts'
import type { Container, PodSpec } from '../render/pod-defaults.ts'

export type DatastoreType = 'etcd' | 'kine'

export interface Unspoken {
  readonly texts: readonly string[]
  /** Whether words without these texts still tell a part of what is secret. */
  readonly isIn: (words: string) => boolean
}

export interface Datastore {
  readonly type: DatastoreType
  /** Signs the leaves; kept like every authority of the control plane. Absent: it has no certificates of its own. */
  readonly authority?: Authority
  readonly leaves: readonly Leaf[]
  /** Those of the certificates that k0s connects with. */
  readonly clientPurposes: readonly Purpose[]
  /** Absent: it runs somewhere else. */
  readonly pods?: {
    /** Their label `component`. */
    readonly component: PodComponent
    /** What a user calls them. */
    readonly members: string
  }
  /** How many k0s may use it at the same time. */
  readonly maxReplicas: number
  readonly objectNames: (names: Names) => { readonly set?: string; readonly service?: string; readonly config?: string }
  /** The user's Secret that tells where the data is. */
  readonly sourceSecret?: (spec: HostedSpec) => string | undefined
  readonly leafContent: (observed: Observed, leaf: Leaf) => LeafContent
  /** `spec.storage` of k0s's configuration; `undefined` while it is not known. */
  readonly storage: (observed: Known) => object | undefined
  /** What `spec.storage` waits for, or what must be there before anything may start. */
  readonly needs: string
  /** `spec.storage` holds a password: whoever may read ConfigMaps must not read it. */
  readonly isSecret: boolean
  /** What pods may quote when they fail, and nobody may read in a condition. Absent: nothing. */
  readonly unspoken?: (observed: Observed) => Unspoken
  /** What k0s calls that part of itself which connects to it, and says why when it cannot. */
  readonly component?: string
  /** What the k0s pod connects with. */
  readonly volumes: (observed: Observed) => NonNullable<PodSpec['volumes']>
  readonly mounts: NonNullable<Container['volumeMounts']>
  readonly outcome: (observed: Observed) => Outcome
  readonly isReady: (observed: Observed) => boolean
  /** Nobody is missing from it, and nothing of it is being changed: pods of k0s may be taken down, and others come. */
  readonly isWhole: (observed: Observed) => boolean
  /** Pods of k0s may come again where all were stopped. */
  readonly mayWake: (observed: Observed) => boolean
  /** Why its pods must not be stopped. Absent: what it has is not in them. */
  readonly hibernationRefusal?: (set: StatefulSet | undefined) => string | undefined
  /** Names of the claims of all members that there may be. */
  readonly memberVolumes: (names: Names) => readonly string[]
  /** There are members to be asked, or there may be. */
  readonly hasSeveralMembers: (observed: Observed) => boolean
  /** There are members that may be asked at all. */
  readonly hasMembersToAsk: (observed: Observed) => boolean
  /** More members stay than the number of replicas asks for. */
  readonly hasSurplus?: (observed: Observed) => boolean
  /** From the first member that was ready on. */
  readonly isFormed: (observed: Observed) => boolean
  /** Why what the spec names must not take the place of what is in use, of the same type. */
  readonly otherData?: (observed: Observed) => Wait | undefined
  /** The claim to look for: its data may be missing, or be another cluster's. */
  readonly unusedVolume: (observed: Observed) => string | undefined
  /** Nothing stands against the volume that is there. */
  readonly mayStart: (observed: Observed) => boolean
  /** Fields of the spec without effect. */
  readonly unsupported: (observed: Known) => readonly string[]
}

/** All authorities of a control plane with this datastore. */
export function authoritiesOf({ authority }: Datastore): readonly Authority[] {
  return ['ca', 'proxy', ...(authority ? [authority] : []), 'sa']
}

export function purposesOf(datastore: Datastore): readonly Purpose[] {
  return [...authoritiesOf(datastore), ...datastore.leaves]
}

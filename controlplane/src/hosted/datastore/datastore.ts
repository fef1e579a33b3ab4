// What differs between the datastores that a control plane may have — core
import type { Outcome } from '@k0smotron-ts/runtime'
import type { Names, PodComponent } from '../identity.ts'
import type { Authority, Known, Leaf, Observed, Purpose } from '../observed.ts'
import type { LeafContent } from '../pki/certificate-plan.ts'
import type { Container, PodSpec } from '../render/pod-defaults.ts'

export interface Datastore {
  /** Signs the leaves; kept like every authority of the control plane. */
  readonly authority: Authority
  readonly leaves: readonly Leaf[]
  /** Those of the certificates that k0s connects with. */
  readonly clientPurposes: readonly Purpose[]
  /** The label `component` of its pods. */
  readonly component: PodComponent
  /** How many k0s may use it at the same time. */
  readonly maxReplicas: number
  /** What a user calls its pods. */
  readonly members: string
  readonly objectNames: (names: Names) => { readonly set: string; readonly service: string; readonly config: string }
  readonly leafContent: (observed: Observed, leaf: Leaf) => LeafContent
  /** `spec.storage` of k0s's configuration. */
  readonly storage: (observed: Known) => object
  /** What the k0s pod connects with. */
  readonly volumes: (observed: Observed) => NonNullable<PodSpec['volumes']>
  readonly mounts: NonNullable<Container['volumeMounts']>
  readonly outcome: (observed: Observed) => Outcome
  readonly isReady: (observed: Observed) => boolean
  /** From the first member that was ready on. */
  readonly isFormed: (observed: Observed) => boolean
  /** The claim to look for: its data may be missing, or be another cluster's. */
  readonly unusedVolume: (observed: Observed) => string | undefined
  /** Nothing stands against the volume that is there. */
  readonly mayStart: (observed: Observed) => boolean
  /** Fields of the spec without effect. */
  readonly unsupported: (observed: Known) => readonly string[]
}

/** All authorities of a control plane with this datastore. */
export function authoritiesOf({ authority }: Datastore): readonly Authority[] {
  return ['ca', 'proxy', authority, 'sa']
}

export function purposesOf(datastore: Datastore): readonly Purpose[] {
  return [...authoritiesOf(datastore), ...datastore.leaves]
}

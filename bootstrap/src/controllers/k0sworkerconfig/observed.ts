// The snapshot that every decision is made from — core
import type { Cluster, K0sWorkerConfig, Machine, MachinePool } from '@k0smotron-ts/api'
import type { KubeSecret, Node } from '@k0smotron-ts/runtime'

/** The Secrets that a config depends on. */
export interface Secrets {
  /** `<cluster>-ca` */
  readonly certificateAuthority?: KubeSecret
  /** `<cluster>-kubeconfig` */
  readonly kubeconfig?: KubeSecret
  /** `<config>-join-token`, whoever made it. */
  readonly joinToken?: KubeSecret
  /** The bootstrap data, whoever made it. */
  readonly bootstrap?: KubeSecret
}

/** What a reference gave: the bytes, or what is missing. */
export type Content = { readonly bytes: Uint8Array } | { readonly missing: string }

/** What the hosted cluster shows of a machine that is to join it. */
export interface Arrival {
  /** The Secret of the bootstrap token; absent when it is not there. */
  readonly token?: KubeSecret
  /** The node of the Machine; absent until it registers. */
  readonly node?: Node
}

/** Everything one pass knows: read once, with the time it was read at. */
export interface Observed {
  readonly now: Date
  readonly config: K0sWorkerConfig
  /** The owner, one of the two; absent until core has set it, or when it is gone. */
  readonly machine?: Machine
  readonly machinePool?: MachinePool
  readonly cluster?: Cluster
  readonly secrets: Secrets
  /** By index in `spec.files`; read only while the bootstrap data is to be made. */
  readonly contents: Readonly<Record<number, Content>>
}

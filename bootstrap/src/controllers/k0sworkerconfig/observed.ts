// The snapshot that every decision is made from, and how far a pass came — core
import type { Cluster, K0sWorkerConfig, Machine, MachinePool } from '@k0smotron-ts/api'
import {
  type Action,
  type Applied,
  awaitChange,
  type ConditionDraft,
  type KubeSecret,
  type Wait,
} from '@k0smotron-ts/runtime'

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

/** Everything one pass knows: read once, with the time it was read at. */
export interface Observed {
  readonly now: Date
  readonly config: K0sWorkerConfig
  /** The owner, one of the two; absent until core has set it, or when it is gone. */
  readonly machine?: Machine
  readonly machinePool?: MachinePool
  readonly cluster?: Cluster
  readonly secrets: Secrets
}

/** How far a pass came. Each phase takes what the one before returned. */
export interface Progress {
  readonly observed: Observed
  readonly applied: readonly Applied[]
  /** When to look again, unless something changes before. */
  readonly next: Action
  /** The bootstrap data is stored. */
  readonly isStored: boolean
  /** Why the data cannot be made yet. Absent with data, and for what is a matter of seconds. */
  readonly wait?: Wait | undefined
  /** Only a pass that made the data knows whether it fits. */
  readonly dataFits?: ConditionDraft | undefined
  /** What is in the way of the machine that has its data. */
  readonly joinable?: ConditionDraft | undefined
  /** How long the machine can join with the data that it has. */
  readonly tokenExpiration?: string | undefined
}

export function began(observed: Observed): Progress {
  return { observed, applied: [], next: awaitChange, isStored: false }
}

/** The snapshot with Secrets that a write of this pass returned. */
export function withSecrets(observed: Observed, found: Secrets): Observed {
  return { ...observed, secrets: { ...observed.secrets, ...found } }
}

// The changes that membership is made of — core
import type { Claim, ClaimMark } from './snapshot.ts'

/**
 * Each is refused by whoever it is sent to when what it was decided on has changed: claims and StatefulSets by their
 * resource version, members by their id, and all of them when etcd's list is another one by then.
 */
export type Step =
  | { readonly kind: 'createClaim'; readonly ordinal: number }
  | {
      readonly kind: 'markClaim'
      readonly ordinal: number
      readonly uid: string
      readonly to: ClaimMark
      readonly isRoot?: true
      readonly olderPod?: string
    }
  | { readonly kind: 'deleteClaim'; readonly ordinal: number; readonly uid: string }
  | { readonly kind: 'deletePod'; readonly ordinal: number; readonly uid: string }
  /** To be made anew from another template; one that serves is asked of its PodDisruptionBudget. */
  | { readonly kind: 'replacePod'; readonly ordinal: number; readonly uid: string }
  | { readonly kind: 'setReplicas'; readonly replicas: number }
  | { readonly kind: 'addLearner'; readonly ordinal: number }
  | { readonly kind: 'promote'; readonly id: string }
  | { readonly kind: 'moveLeader'; readonly to: string }
  | { readonly kind: 'remove'; readonly id: string }

/** What one rule comes to. A wait names what ends it. */
export type Finding =
  | { readonly kind: 'step'; readonly step: Step }
  /** `isRoll`: for pods to be replaced, and not for members to change. */
  | { readonly kind: 'wait'; readonly message: string; readonly isRoll?: true }

export function take(step: Step): Finding {
  return { kind: 'step', step }
}

export function wait(message: string): Finding {
  return { kind: 'wait', message }
}

/** Somebody kept it, and we never delete it. */
export function keptByOthers({ othersName }: Claim): Finding | undefined {
  return othersName === undefined
    ? undefined
    : wait(`PersistentVolumeClaim ${othersName} was made for another control plane; delete it if nobody needs its data`)
}

/** A change that etcd makes, and not the API server. */
export type EtcdStep = Extract<Step, { readonly kind: 'addLearner' | 'promote' | 'moveLeader' | 'remove' }>

export function isOfEtcd(step: Step): step is EtcdStep {
  return ['addLearner', 'promote', 'moveLeader', 'remove'].includes(step.kind)
}

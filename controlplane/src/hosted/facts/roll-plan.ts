// What comes next for the pods of k0s: one thing at a time, scaled or replaced, each step from what is there now — core

/** A pod of the StatefulSet, as far as its turn depends on it. */
export interface MemberPod {
  readonly name: string
  readonly ordinal: number
  readonly revision?: string
  readonly isReady: boolean
  /** It is being deleted. */
  readonly isGoing: boolean
  /** It read the configuration at start that pods are to have now. */
  readonly hasConfig: boolean
  /** What its PodDisruptionBudget waits for before it may be taken down while it serves. */
  readonly budgetWait?: string
}

/** The live StatefulSet. */
export interface LiveSet {
  readonly replicas: number
  /** Kubernetes replaces no pod by itself. */
  readonly isOnDelete: boolean
  /** Kubernetes makes pods below it from an older template. It is nobody's with `isOnDelete`. */
  readonly partition: number
  /** Kubernetes has looked at it as it is now, so the revision is that of its template. */
  readonly isObserved: boolean
  readonly updateRevision?: string
}

export interface RollInput {
  readonly wanted: number
  /** Absent: there is none yet. */
  readonly set?: LiveSet
  readonly pods: readonly MemberPod[]
  /** Why no pod that serves may be taken down now, beside other pods. */
  readonly obstacle?: string
}

export interface RollPlan {
  readonly replicas: number
  /** Kubernetes makes it anew from the newest template. */
  readonly podToReplace?: string
  /** What the next step waits for. */
  readonly waitsFor?: string
}

/**
 * Pods are replaced one by one: those that do not serve first, the others from the highest ordinal down. One that serves is
 * taken down only while all others serve.
 */
export function rollPlan({ wanted, set, pods, obstacle }: RollInput): RollPlan {
  if (wanted === 0) return none(pods)
  if (!set) return { replicas: wanted }
  const { replicas } = set
  const leaving = pods.find(({ ordinal }) => ordinal >= replicas)
  if (leaving) return { replicas, waitsFor: `Pod ${leaving.name} to be gone` }
  if (!set.isObserved) return { replicas, waitsFor: 'Kubernetes to look at the StatefulSet' }
  const members = membersOf(set, pods)
  return wanted < replicas && mayShrink(members, wanted)
    ? { replicas: wanted }
    : nextStep({ wanted, members, partition: set.partition, obstacle: set.isOnDelete ? obstacle : rolledByKubernetes })
}

/** All of them at once: none is left that would have to serve. */
function none([left]: readonly MemberPod[]): RollPlan {
  return { replicas: 0, ...(left && { waitsFor: `Pod ${left.name} to be gone` }) }
}

/**
 * Whether controllers in the pods have to elect who works: from before there is a second pod until after the last of them
 * is gone. Alone they do without, since waiting for an old lease would cost 18 s at every restart.
 */
export function isElected(wanted: number, replicas: number, pods: readonly Pick<MemberPod, 'ordinal'>[]): boolean {
  return wanted > 1 || replicas > 1 || pods.some(({ ordinal }) => ordinal > 0)
}

/** A place in the set, with the pod that has it. */
interface Member {
  readonly ordinal: number
  readonly isNewest: boolean
  /** Serves. */
  readonly isUp: boolean
  readonly pod?: MemberPod
}

function membersOf({ replicas, updateRevision }: LiveSet, pods: readonly MemberPod[]): readonly Member[] {
  return Array.from({ length: replicas }, (_, ordinal) => {
    const pod = pods.find(one => one.ordinal === ordinal)
    const isUp = pod?.isReady === true && !pod.isGoing
    return { ordinal, isNewest: pod !== undefined && pod.revision === updateRevision, isUp, ...(pod && { pod }) }
  })
}

/** Who stays serves, and none of them is about to be replaced: that is so while a pod that leaves does not serve. */
function mayShrink(members: readonly Member[], wanted: number): boolean {
  const staying = members.slice(0, wanted)
  const isReplacing = members.slice(wanted).every(({ isUp }) => isUp) && !staying.every(({ isNewest }) => isNewest)
  return staying.every(({ isUp }) => isUp) && !isReplacing
}

interface Standing {
  readonly wanted: number
  readonly members: readonly Member[]
  readonly partition: number
  readonly obstacle: string | undefined
}

const rolledByKubernetes = 'Kubernetes to replace it'
const keptByPartition = 'the partition in the update strategy of the StatefulSet, which keeps it, to be taken out'

function nextStep({ wanted, members, partition, obstacle }: Standing): RollPlan {
  const replicas = members.length
  const begun = members.findLast(({ isNewest, isUp, pod }) => (isNewest ? !isUp : !pod || pod.isGoing))
  if (begun) return { replicas, waitsFor: readiness(begun) }
  const outdated = members.filter(({ isNewest }) => !isNewest)
  const next = outdated.findLast(({ isUp }) => !isUp) ?? outdated.at(-1)
  if (!next?.pod) return scaled(wanted, members)
  if (next.ordinal < partition) return { replicas, waitsFor: keptByPartition }
  const wait = obstacle ?? next.pod.budgetWait
  if (next.isUp && wait !== undefined) return { replicas, waitsFor: wait }
  return { replicas, podToReplace: next.pod.name, waitsFor: readiness(next) }
}

/** A second pod may only come beside one whose controllers elect. */
function scaled(wanted: number, members: readonly Member[]): RollPlan {
  const [single, another] = members
  if (!single || another || single.pod?.hasConfig || wanted === 1) return { replicas: wanted }
  return { replicas: members.length, waitsFor: 'the pod to be replaced by one that elects a leader' }
}

function readiness({ ordinal, pod }: Member): string {
  return pod ? `Pod ${pod.name} to be ready` : `the pod with ordinal ${ordinal} to be made`
}

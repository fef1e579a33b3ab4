// What decides about the members of etcd: what etcd and Kubernetes show, and nothing remembered — core
import type { Member, MemberAnswer } from '../../members.ts'

/** Of a claim: one of the two below, or the id of the one member that may start on it. Absent: not known. */
export type ClaimMark = string

/** We made it, and nobody has started on it; the request may have been late, and a member be there that had another one. */
export const madeMark: ClaimMark = 'made'

/** While it was there no member had its ordinal, so whoever gets it later has never started anywhere. */
export const freshMark: ClaimMark = 'fresh'

export interface Claim {
  readonly uid: string
  readonly mark?: ClaimMark
  /** Its member was there before marks: its data are in the volume's root, not in a directory of its own. */
  readonly isRoot?: boolean
  /** Of a fresh one: the pod that was there, whose file may be older than that; no member is added while it lives. */
  readonly olderPod?: string
  readonly isGoing: boolean
  /** Its name, where it was made for another control plane: somebody kept it, and nothing is known of its data. */
  readonly othersName?: string
}

/** A pod that the StatefulSet has for a member. */
export interface SeenPod {
  readonly uid: string
  readonly isReady: boolean
  /** It has a process, which may do nothing but wait for a quorum. */
  readonly isRunning: boolean
  /** Of an older template, and to be made anew by us. */
  readonly isOutdated: boolean
  /** What its PodDisruptionBudget waits for before it may be taken down while it serves. */
  readonly budgetWait?: string
}

/** What the configuration file of an ordinal says, as far as it matters here. */
export interface MemberFile {
  /** Data are kept under the id of their member, so that nobody starts on those of another. Absent: in the root. */
  readonly directory?: string
  /**
   * Who may join without data has all members here, of which etcd wants each and no other; who has only himself is refused
   * an empty directory.
   */
  readonly initial: readonly number[]
}

/** By ordinal where there is one per pod. */
export interface Snapshot {
  /** How many members there should be. */
  readonly desired: number
  /** Of the live StatefulSet. */
  readonly replicas: number
  /** Absent: nobody gave a list that a quorum stands behind. */
  readonly members?: readonly Member[]
  readonly answers: ReadonlyMap<number, MemberAnswer>
  readonly claims: ReadonlyMap<number, Claim>
  readonly pods: ReadonlyMap<number, SeenPod>
  /** Kubernetes has looked at the StatefulSet as it is: until then nobody knows which template is the newest. */
  readonly isObserved: boolean
  /** Of the live ConfigMap. */
  readonly files: ReadonlyMap<number, MemberFile>
}

const maxMembers = 5

/** Those that a member may have. */
export const memberOrdinals: readonly number[] = Array.from({ length: maxMembers }, (_, ordinal) => ordinal)

/** How many members a number of replicas of the control plane gets: odd, because an even one adds only what can fail. */
export function membersFor(replicas: number): number {
  return Math.min(maxMembers, replicas + ((replicas + 1) % 2))
}

export function quorumOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** This very member speaks. */
export function isAnswering({ answers }: Snapshot, { id, ordinal }: Member): boolean {
  return ordinal !== undefined && answers.get(ordinal)?.id === id
}

/** The claim of its ordinal is the one that was given to it. */
export function hasItsClaim({ claims }: Pick<Snapshot, 'claims'>, { id, ordinal }: Member): boolean {
  return ordinal !== undefined && claims.get(ordinal)?.mark === id
}

/** To a member: it may have started there. */
export function isGiven({ mark }: Claim): boolean {
  return mark !== undefined && mark !== freshMark && mark !== madeMark
}

/** As many as have the pods of all members that were given a volume; the first may be older than that. */
export function podsGiven(claims: Snapshot['claims']): number {
  return Math.max(1, ...[...claims].flatMap(([ordinal, claim]) => (isGiven(claim) ? ordinal + 1 : [])))
}

/** Whether etcd would start with it on an empty directory. */
export function joins(file: MemberFile | undefined): boolean {
  return file !== undefined && file.initial.length > 1
}

/**
 * The files that there should be. Only a learner that has never started may join without data, and only on the volume that
 * was given to it: a voter that lost its data and came back under its old id would vote as if it had them.
 */
export function memberFiles(seen: Pick<Snapshot, 'members' | 'claims'>): ReadonlyMap<number, MemberFile> {
  const { members = [] } = seen
  const joining = members.filter(one => !one.isVoter && !one.isStarted && hasItsClaim(seen, one))
  const all = members.flatMap(({ ordinal }) => ordinal ?? []).toSorted((one, other) => one - other)
  return new Map(
    memberOrdinals.map(ordinal => {
      const claim = seen.claims.get(ordinal)
      const directory = claim?.mark && isGiven(claim) && !claim.isRoot ? { directory: claim.mark } : {}
      return [ordinal, { ...directory, initial: joining.some(one => one.ordinal === ordinal) ? all : [ordinal] }]
    }),
  )
}

// What the members of a datastore say of themselves — core

/** A line of etcd's own list. */
export interface Member {
  /** Given at its addition and never again: a member that is added anew under an old name has another one. */
  readonly id: string
  /** By its peer URL; absent where that is none of ours. */
  readonly ordinal?: number
  readonly isVoter: boolean
  /** It has told its name, so it has had a volume. */
  readonly isStarted: boolean
}

/** What a member said through its pod's address. */
export interface MemberAnswer {
  readonly id: string
  readonly isLeader: boolean
  /** It has what the leader has, as far as etcd asks for that before a promotion. */
  readonly isInSync: boolean
}

/** What the members said when they were asked last. */
export interface MembersAnswer {
  /** Absent: nobody gave a list that a quorum stands behind. */
  readonly members?: readonly Member[]
  /** Nobody did, and not for the first time since they were at rest. */
  readonly isSilent?: true
  readonly answers: ReadonlyMap<number, MemberAnswer>
  /** Why etcd did not make the last change that it was asked for. */
  readonly refusal?: string
}

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

/** How much room the database of a member takes, in bytes. */
export interface Database {
  /** Of its file: what the quota is for. */
  readonly size: number
  /** Without the pages that compaction has freed: they are used again, and defragmentation gives them back. */
  readonly inUse: number
  /** At which nothing can be written any more. */
  readonly quota: number
  /** What is raised in the whole datastore, as this member knows it. */
  readonly alarms: readonly DatabaseAlarm[]
}

/** `NOSPACE`: a database has reached its quota, and all writes are refused. `CORRUPT`: members have different data. */
export const databaseAlarms = ['NOSPACE', 'CORRUPT'] as const
export type DatabaseAlarm = (typeof databaseAlarms)[number]

/** What the members said when they were asked last. */
export interface MembersAnswer {
  /** Absent: nobody gave a list that a quorum stands behind. */
  readonly members?: readonly Member[]
  /** Nobody did, and not for the first time since they were at rest. */
  readonly isSilent?: true
  readonly answers: ReadonlyMap<number, MemberAnswer>
  /**
   * What each said last; sizes are rounded, so that not each growth is an answer of its own. Absent: no answer yet; empty:
   * they were asked more than once, and nobody answered.
   */
  readonly databases?: ReadonlyMap<number, Database>
  /** Why etcd did not make the last change that it was asked for. */
  readonly refusal?: string
}

// What etcd's JSON gateway answers — core
import { type DatabaseAnswer, databaseIn } from '../upkeep/database-json.ts'

/** A line of etcd's list. Numbers of 64 bits are text in its JSON, and are kept as they are. */
export interface ListedMember {
  readonly id: string
  readonly peerURLs: readonly string[]
  readonly isLearner: boolean
  /** It has told its name, which it does when it has started. */
  readonly isStarted: boolean
}

export interface MemberStatus {
  readonly id: string
  /** Whom it follows; absent: nobody. */
  readonly leader?: string
  readonly isLearner: boolean
  /** What it knows to be decided, and how far it has come with it. */
  readonly committed: number
  readonly applied: number
  /** Absent: not said. */
  readonly database?: DatabaseAnswer
}

/** Throws for what is no list: such an answer is not etcd's. */
export function membersIn(json: unknown): readonly ListedMember[] {
  const { members } = json as { readonly members?: readonly Record<string, unknown>[] }
  if (!Array.isArray(members) || members.length === 0) throw new Error('an answer without members')
  return members.map(({ ID, name, peerURLs, isLearner }) => ({
    id: numberText(ID),
    peerURLs: Array.isArray(peerURLs) ? peerURLs.filter(one => typeof one === 'string') : [],
    isLearner: isLearner === true,
    isStarted: typeof name === 'string' && name !== '',
  }))
}

/** Zeros and `false` are left out of the JSON. */
export function statusIn(json: unknown): MemberStatus {
  const { header, leader, isLearner, raftIndex, raftAppliedIndex } = json as Record<string, unknown> & {
    readonly header?: { readonly member_id?: unknown }
  }
  const database = databaseIn(json)
  const leads = leader === undefined || leader === '0' ? {} : { leader: numberText(leader) }
  return {
    id: numberText(header?.member_id),
    ...leads,
    isLearner: isLearner === true,
    committed: Number(raftIndex ?? 0),
    applied: Number(raftAppliedIndex ?? 0),
    ...(database && { database }),
  }
}

/** It becomes the name of a directory. */
function numberText(value: unknown): string {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) throw new Error('an answer without a member id')
  return value
}

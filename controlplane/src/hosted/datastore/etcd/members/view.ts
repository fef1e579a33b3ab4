// What etcd's members say, as a snapshot has it — core

import type { Observed } from '../../../observed.ts'
import type { Database, Member, MemberAnswer } from '../../members.ts'
import { memberQuota } from '../args.ts'
import { rounded } from '../upkeep/database-json.ts'
import type { ListedMember, MemberStatus } from './gateway-json.ts'

/** `ordinalOf`: of a peer URL, if it is one of this control plane. */
export function listedMembers(
  list: readonly ListedMember[],
  ordinalOf: (peerURL: string) => number | undefined,
): readonly Member[] {
  return list.map(({ id, peerURLs, isLearner, isStarted }) => {
    const [url = '', ...others] = peerURLs
    const ordinal = others.length === 0 ? ordinalOf(url) : undefined
    return { id, isVoter: !isLearner, isStarted, ...(ordinal !== undefined && { ordinal }) }
  })
}

/** As etcd asks of a learner: nine tenths of the leader's log. */
const inSync = 0.9

/** Members that follow nobody are up, and of no use to a quorum. */
export function memberAnswers(statuses: ReadonlyMap<number, MemberStatus>): ReadonlyMap<number, MemberAnswer> {
  const committed = Math.max(0, ...[...statuses.values()].map(one => one.committed))
  const answers = [...statuses].flatMap(([ordinal, { id, leader, applied }]) => {
    const answer = { id, isLeader: leader === id, isInSync: applied >= inSync * committed }
    return leader === undefined ? [] : [[ordinal, answer] as const]
  })
  return new Map(answers)
}

/** Also of members that follow nobody. Before 3.6 etcd tells no quota: it has the one that its file says. */
export function databasesOf(
  observed: Observed,
  statuses: ReadonlyMap<number, MemberStatus>,
): ReadonlyMap<number, Database> {
  const found = [...statuses].flatMap(([ordinal, { database }]) =>
    database ? [[ordinal, rounded({ quota: memberQuota(observed), ...database })] as const] : [],
  )
  return new Map(found)
}

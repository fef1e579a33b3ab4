// Everybody's status, and the list of one that has a quorum behind it — shell

import type { Observed } from '../../../observed.ts'
import type { MembersAnswer } from '../../members.ts'
import type { GatewayAnswer, MemberGateway } from './gateway.ts'
import type { MemberStatus } from './gateway-json.ts'
import { databasesOf, listedMembers, memberAnswers } from './view.ts'

/** By ordinal. */
export type Gateways = ReadonlyMap<number, MemberGateway>

export type Said = Pick<MembersAnswer, 'members' | 'answers' | 'databases'>

/** The list comes last: it is never older than anything that was seen before the question. */
export async function askMembers(
  observed: Observed,
  gateways: Gateways,
  ordinalOf: (peerURL: string) => number | undefined,
): Promise<Said & Required<Pick<Said, 'databases'>>> {
  const statuses = await statusesOf(gateways)
  const answers = memberAnswers(statuses)
  const voters = [...statuses].filter(([ordinal, { isLearner }]) => !isLearner && answers.has(ordinal))
  const leader = voters.filter(([ordinal]) => answers.get(ordinal)?.isLeader)
  const asked = (leader.length > 0 ? leader : voters).flatMap(([ordinal]) => gateways.get(ordinal) ?? [])
  const lists = await Promise.all(asked.map(gateway => gateway.list()))
  const list = lists.flatMap(valueIn)[0]
  return {
    answers,
    databases: databasesOf(observed, statuses),
    ...(list && { members: listedMembers(list, ordinalOf) }),
  }
}

export async function statusesOf(gateways: Gateways): Promise<ReadonlyMap<number, MemberStatus>> {
  const found = await Promise.all(
    [...gateways].map(async ([ordinal, gateway]) =>
      valueIn(await gateway.status()).map(status => [ordinal, status] as const),
    ),
  )
  return new Map(found.flat())
}

function valueIn<T>(answer: GatewayAnswer<T>): readonly T[] {
  return answer.kind === 'done' ? [answer.value] : []
}

// One member of etcd, asked through its JSON gateway — shell
import { parseJsonText } from '@k0smotron-ts/api'
import type { Transport, TransportResponse } from '@k0smotron-ts/runtime'
import { readText } from '@k0smotron-ts/runtime/shell'
import { type ListedMember, type MemberStatus, membersIn, statusIn } from './gateway-json.ts'

/** What came of a request. After `unreachable` nobody knows whether a change was made: the next list tells. */
export type GatewayAnswer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused' | 'unreachable'; readonly message: string }

/** A list and changes need a quorum; a learner refuses all but its status. */
export interface MemberGateway {
  status(): Promise<GatewayAnswer<MemberStatus>>
  list(): Promise<GatewayAnswer<readonly ListedMember[]>>
  addLearner(peerURL: string): Promise<GatewayAnswer<readonly ListedMember[]>>
  promote(id: string): Promise<GatewayAnswer<readonly ListedMember[]>>
  remove(id: string): Promise<GatewayAnswer<readonly ListedMember[]>>
  /** Only the leader does it, and answers when the other one leads. */
  moveLeader(to: string): Promise<GatewayAnswer<undefined>>
}

/** Without a quorum etcd itself gives up after seven seconds. */
const silenceMs = 3_000

export function memberGateway(transport: Transport): MemberGateway {
  const ask = async <T>(path: string, body: object, read: (json: unknown) => T): Promise<GatewayAnswer<T>> => {
    try {
      const headers = { accept: 'application/json', 'content-type': 'application/json' }
      const sent = {
        method: 'POST',
        path: `/v3/${path}`,
        headers,
        body: JSON.stringify(body),
        timeoutMs: silenceMs,
      } as const
      const { status, body: received } = await transport.send(sent)
      const json: unknown = parseJsonText(await textOf(received))
      return status === 200 ? { kind: 'done', value: read(json) } : { kind: 'refused', message: refusalIn(json) }
    } catch (error) {
      return { kind: 'unreachable', message: error instanceof Error ? error.message : 'no answer' }
    }
  }
  return {
    status: () => ask('maintenance/status', {}, statusIn),
    // the default of the gateway is a list that no quorum stands behind
    list: () => ask('cluster/member/list', { linearizable: true }, membersIn),
    addLearner: peerURL => ask('cluster/member/add', { peerURLs: [peerURL], isLearner: true }, membersIn),
    promote: id => ask('cluster/member/promote', { ID: id }, membersIn),
    remove: id => ask('cluster/member/remove', { ID: id }, membersIn),
    moveLeader: to => ask('maintenance/transfer-leadership', { targetID: to }, () => undefined),
  }
}

/** A status has half a kilobyte, a list of five members one and a half. */
async function textOf(body: TransportResponse['body']): Promise<string> {
  const text = await readText(body)
  if (text === '') throw new Error("an answer that is empty, or too long to be etcd's")
  return text
}

/** etcd's own words, shortened: they stand in a condition. */
function refusalIn(json: unknown): string {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined
  return typeof message === 'string' ? message.slice(0, 200) : 'no reason given'
}

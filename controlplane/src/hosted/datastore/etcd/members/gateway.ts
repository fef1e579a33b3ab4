// One member of etcd, asked through its JSON gateway — shell
import { parseJsonText } from '@k0smotron-ts/api'
import type { Transport, TransportResponse } from '@k0smotron-ts/runtime'
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

/** A status has half a kilobyte, a list of five members one and a half. */
const maxBytes = 65_536

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

async function textOf(body: TransportResponse['body']): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** etcd's own words, shortened: they stand in a condition. */
function refusalIn(json: unknown): string {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined
  return typeof message === 'string' ? message.slice(0, 200) : 'no reason given'
}

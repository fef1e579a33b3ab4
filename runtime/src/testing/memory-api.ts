// An API server in memory, behind the transport of the real client — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { createClient } from '../client/client.ts'
import {
  type Transport,
  type TransportRequest,
  type TransportResponse,
  TransportTimeout,
} from '../client/transport/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { pause } from '../wait.ts'

/** What becomes of a request instead of being served. */
export type Fault = 'refused' | 'silent' | 'lost reply' | { readonly status: number; readonly reason: string }

export interface MemoryApi {
  /** Everything stored, by path. */
  readonly objects: Map<string, KubeObject>
  /** What a POST that stores nothing (a review) is answered, by path. */
  readonly reviews: Map<string, (object: KubeObject) => KubeObject>
  /** Everything asked, as `METHOD path`. */
  readonly requests: string[]
  /** A client with a connection of its own; `fault` is asked at each of its requests. */
  connect(fault?: (request: TransportRequest) => Fault | undefined): Client
  /** Changes an object behind everyone's back. */
  edit(path: string, change: (object: KubeObject) => KubeObject): void
}

interface Answer {
  readonly status: number
  readonly body: object
}

/**
 * Paths, optimistic concurrency and refusals as kube-apiserver has them; no schema, no field management, no watches.
 * Enough for protocols whose whole point is who wins a write.
 */
export function memoryApi(clock: Clock): MemoryApi {
  const objects: MemoryApi['objects'] = new Map()
  const reviews: MemoryApi['reviews'] = new Map()
  const requests: string[] = []
  let version = 0

  const store = (path: string, object: KubeObject): KubeObject => {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } }
    objects.set(path, stored)
    return stored
  }

  const post = (collection: string, object: KubeObject): Answer => {
    const review = reviews.get(collection)
    if (review) return { status: 201, body: review(object) }
    const path = `${collection}/${object.metadata.name}`
    return objects.has(path) ? refusal(409, 'AlreadyExists') : { status: 201, body: store(path, object) }
  }

  const change = (path: string, changed: (live: KubeObject) => KubeObject | undefined): Answer => {
    const live = objects.get(path)
    if (!live) return refusal(404, 'NotFound')
    const object = changed(live)
    return object ? { status: 200, body: store(path, object) } : refusal(409, 'Conflict')
  }

  const serve = ({ method, path, body = '{}' }: TransportRequest): Answer => {
    const given = JSON.parse(body)
    const live = objects.get(path)
    if (method === 'GET') return live ? { status: 200, body: live } : refusal(404, 'NotFound')
    if (method === 'POST') return post(path, given)
    if (method === 'PATCH') return change(path, object => ({ ...object, ...given }))
    const isFresh = ({ metadata }: KubeObject): boolean => metadata.resourceVersion === given.metadata.resourceVersion
    return change(path, object => (isFresh(object) ? given : undefined))
  }

  return {
    objects,
    reviews,
    requests,
    connect: (fault = () => undefined) => {
      const counted = (request: TransportRequest): Fault | undefined => {
        requests.push(`${request.method} ${request.path}`)
        return fault(request)
      }
      return createClient(faultyTransport({ serve, clock, fault: counted }), { clock, random: () => 0 })
    },
    edit: (path, edited) => void change(path, edited),
  }
}

const refusal = (status: number, reason: string): Answer => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message: reason },
})

interface Line {
  readonly serve: (request: TransportRequest) => Answer
  readonly clock: Clock
  readonly fault: (request: TransportRequest) => Fault | undefined
}

function faultyTransport({ serve, clock, fault }: Line): Transport {
  let closed = false
  const exchange = async (request: TransportRequest): Promise<Answer> => {
    const fate = closed ? 'refused' : fault(request)
    if (fate === 'refused') throw new Error('connect ECONNREFUSED')
    if (fate === 'silent') return silence(clock, request)
    if (typeof fate === 'object') return refusal(fate.status, fate.reason)
    const answer = serve(request)
    if (fate === 'lost reply') throw new Error('read ECONNRESET')
    return answer
  }
  return {
    host: 'memory',
    send: async (request): Promise<TransportResponse> => {
      const { status, body } = await exchange(request)
      return { status, headers: {}, body: bytes(JSON.stringify(body)) }
    },
    close: async () => {
      closed = true
    },
  }
}

async function silence(clock: Clock, { timeoutMs }: TransportRequest): Promise<never> {
  await pause(clock, Number(timeoutMs))
  throw new TransportTimeout('no answer')
}

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text)
}

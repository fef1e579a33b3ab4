// An API server in memory, behind the transport of the real client — shell
import type { KubeObject } from '@k0smotron-ts/api'
import { createClient } from '../client/client.ts'
import { type Transport, type TransportRequest, TransportTimeout } from '../client/transport.ts'
import type { Client } from '../client/types.ts'
import { type Clock, pause } from '../clock.ts'

/** What becomes of a request instead of being served. */
export type Fault = 'refused' | 'silent' | 'lost reply' | { readonly status: number; readonly reason: string }

export interface MemoryApi {
  /** Everything stored, by path. */
  readonly objects: Map<string, KubeObject>
  /** Everything asked, as `METHOD path`. */
  readonly requests: string[]
  /** A client with a connection of its own; `fault` is asked at each of its requests. */
  connect(fault?: (request: TransportRequest) => Fault | undefined): Client
  /** Changes an object behind everyone's back. */
  edit(path: string, change: (object: KubeObject) => KubeObject): void
  /** What a POST that stores nothing (a review) is answered. */
  readonly reviews: Map<string, (object: KubeObject) => KubeObject>
}

interface Answer {
  readonly status: number
  readonly body: object
}

const refusal = (status: number, reason: string): Answer => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message: reason },
})

/**
 * Paths, optimistic concurrency and refusals as kube-apiserver has them; no schema, no field management, no watches.
 * Enough for protocols whose whole point is who wins a write.
 */
export function memoryApi(clock: Clock): MemoryApi {
  const objects = new Map<string, KubeObject>()
  const reviews = new Map<string, (object: KubeObject) => KubeObject>()
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
    const fresh = ({ metadata }: KubeObject): boolean => metadata.resourceVersion === given.metadata.resourceVersion
    return change(path, object => (fresh(object) ? given : undefined))
  }

  const transport = (fault: (request: TransportRequest) => Fault | undefined): Transport => ({
    host: 'memory',
    send: async request => {
      const { method, path, timeoutMs } = request
      requests.push(`${method} ${path}`)
      const failed = fault(request)
      if (failed === 'refused') throw new Error('connect ECONNREFUSED')
      if (failed === 'silent') {
        await pause(clock, Number(timeoutMs))
        throw new TransportTimeout('no answer')
      }
      const { status, body } = typeof failed === 'object' ? refusal(failed.status, failed.reason) : serve(request)
      if (failed === 'lost reply') throw new Error('read ECONNRESET')
      return { status, headers: {}, body: bytes(JSON.stringify(body)) }
    },
    close: async () => undefined,
  })

  return {
    objects,
    requests,
    reviews,
    connect: (fault = () => undefined) => createClient(transport(fault), { clock, random: () => 0 }),
    edit: (path, edited) => void change(path, edited),
  }
}

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text)
}

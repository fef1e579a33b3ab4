// The client of one API server — shell
import { apiVersionOf, type KubeObject, type ObjectKey, type ResourceType } from '@k0smotron-ts/api'
import { systemClock } from '../system-clock.ts'
import { isNotFound } from './api-error.ts'
import { type Exchange, exchanger } from './exchange.ts'
import type { Pacing } from './repeat.ts'
import { collectionPath, objectPath, query } from './resource-path.ts'
import type { Transport } from './transport.ts'
import type { Client, DeleteOptions, JsonPatch, ObjectList, PatchOptions, WatchOptions } from './types.ts'
import { watchEvents } from './watch-events.ts'

const requestTimeoutMs = 30_000

/** A large list takes its time, but not longer than kube-apiserver allows itself. */
const listTimeoutMs = 60_000

interface Payload {
  readonly contentType: string
  readonly body: unknown
}

const json = (body: unknown): Payload => ({ contentType: 'application/json', body })

/** Every request goes through `transport`, so whoever wraps it sees, delays or fails each one. */
export function createClient(
  transport: Transport,
  pacing: Pacing = { clock: systemClock, random: Math.random },
): Client {
  const exchange = exchanger(transport, pacing)

  async function read<T>(path: string, options: Partial<Exchange> = {}): Promise<T> {
    return exchange<T>({ method: 'GET', path, timeoutMs: requestTimeoutMs, ...options })
  }

  async function write<T>(method: Exchange['method'], path: string, { contentType, body }: Payload): Promise<T> {
    return exchange<T>({ method, path, timeoutMs: requestTimeoutMs, contentType, body: JSON.stringify(body) })
  }

  function patch<T>(
    target: Target,
    payload: Payload,
    options: PatchOptions & { readonly force?: boolean },
  ): Promise<T> {
    const { subresource, ...parameters } = options
    return write<T>('PATCH', objectPath(target.type, target.key, subresource) + query(parameters), payload)
  }

  return {
    get: (type, key) => unlessNotFound(read(objectPath(type, key))),

    async list(type, { namespace, signal, ...parameters } = {}) {
      const path = collectionPath(type, namespace) + query({ ...parameters })
      return typedList(type, await read(path, { timeoutMs: listTimeoutMs, ...(signal ? { signal } : {}) }))
    },

    watch: (type, options) => watchEvents(transport, pacing, watchRequest(type, options)),

    create: (type, object) => write('POST', collectionPath(type, object.metadata.namespace), json(object)),

    replace: (type, object) => write('PUT', objectPath(type, keyOf(object)), json(object)),

    apply: (type, object, options) =>
      patch(
        { type, key: keyOf(object) },
        { contentType: 'application/apply-patch+yaml', body: object },
        { ...options, force: true },
      ),

    patchJson: (type, key, operations: JsonPatch, options = {}) =>
      patch({ type, key }, { contentType: 'application/json-patch+json', body: operations }, options),

    patchMerge: (type, key, changes, options = {}) =>
      patch({ type, key }, { contentType: 'application/merge-patch+json', body: changes }, options),

    async delete(type, key, options = {}) {
      await unlessNotFound(write('DELETE', objectPath(type, key), json(deleteOptions(options))))
    },

    probe: (path, { timeoutMs = requestTimeoutMs } = {}) => exchange.raw({ method: 'GET', path, timeoutMs }),

    close: () => transport.close(),
  }
}

interface Target {
  readonly type: ResourceType
  readonly key: ObjectKey
}

function keyOf({ kind, metadata: { namespace, name } }: KubeObject): ObjectKey {
  if (!name) throw new Error(`a ${kind} without a name cannot be addressed`)
  return namespace === undefined ? { name } : { namespace, name }
}

async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

function watchRequest(
  type: ResourceType,
  { namespace, signal, ...parameters }: WatchOptions,
): { path: string; signal: AbortSignal } {
  const path = collectionPath(type, namespace) + query({ watch: true, allowWatchBookmarks: true, ...parameters })
  return { path, signal }
}

interface RawList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items: readonly Omit<T, 'apiVersion' | 'kind'>[] | null
}

/** The server leaves apiVersion and kind out of the items of a list. */
function typedList<T extends KubeObject>(type: ResourceType<T>, { metadata, items }: RawList<T>): ObjectList<T> {
  const head = { apiVersion: apiVersionOf(type), kind: type.kind }
  return {
    items: (items ?? []).map(item => ({ ...head, ...item }) as T),
    resourceVersion: metadata.resourceVersion ?? '',
    ...(metadata.continue ? { continue: metadata.continue } : {}),
  }
}

function deleteOptions({ uid, resourceVersion, propagation, gracePeriodSeconds }: DeleteOptions): object {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid, resourceVersion },
    propagationPolicy: propagation,
    gracePeriodSeconds,
  }
}

// The client of one API server — shell
import { apiVersionOf, type KubeObject, type ResourceType } from '@k0smotron-ts/api'
import { systemClock } from '../system-clock.ts'
import { isNotFound } from './api-error.ts'
import { exchanger } from './exchange.ts'
import type { Pacing } from './repeat.ts'
import * as requests from './requests.ts'
import type { Transport } from './transport.ts'
import type { Client, ObjectList } from './types.ts'
import { watchEvents } from './watch-events.ts'

/** Every request goes through `transport`, so whoever wraps it sees, delays or fails each one. */
export function createClient(
  transport: Transport,
  pacing: Pacing = { clock: systemClock, random: Math.random },
): Client {
  const exchange = exchanger(transport, pacing)
  return {
    get: async (type, key) => unlessNotFound(exchange(requests.getRequest({ type, key }))),
    list: async (type, options = {}) => typedList(type, await exchange(requests.listRequest(type, options))),
    watch: (type, options) =>
      watchEvents(transport, { path: requests.watchPath(type, options), signal: options.signal }),
    create: async (type, object) => exchange(requests.createRequest(type, object)),
    replace: async (type, object) => exchange(requests.replaceRequest(type, object)),
    apply: async (type, object, options) =>
      exchange(requests.applyRequest(requests.targetOf(type, object), object, options)),
    patchJson: async (type, key, patch, options = {}) =>
      exchange(requests.jsonPatchRequest({ type, key }, patch, options)),
    patchMerge: async (type, key, patch, options = {}) =>
      exchange(requests.mergePatchRequest({ type, key }, patch, options)),
    delete: async (type, key, options = {}) => {
      await unlessNotFound(exchange(requests.deleteRequest({ type, key }, options)))
    },
    probe: async (path, { timeoutMs } = {}) => exchange.raw(requests.probeRequest(path, timeoutMs)),
    close: () => transport.close(),
  }
}

async function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
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

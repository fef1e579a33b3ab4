// The client of one API server — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { limits } from '../limits.ts'
import { systemClock } from '../system-clock.ts'
import { isNotFound } from './api-error.ts'
import { readPage } from './body/bodies.ts'
import { type Bounds, trustedBounds } from './body/bounds.ts'
import { AnswerError } from './body/json.ts'
import { type Exchange, type Exchanger, exchanger, refusalOf } from './exchange.ts'
import type { Pacing } from './repeat.ts'
import * as requests from './requests.ts'
import type { Transport } from './transport/transport.ts'
import type { Client, ListOptions, ObjectList } from './types.ts'
import { watchEvents } from './watch-events.ts'

/**
 * Every request goes through `transport`, so whoever wraps it sees, delays or fails each one. `no repeats`: each request
 * is sent once, and whoever asks decides what a refusal means.
 */
export function createClient(
  transport: Transport,
  pacing: Pacing | 'no repeats' = { clock: systemClock, random: Math.random },
  bounds: Bounds = trustedBounds,
): Client {
  const exchange = exchanger(transport, pacing, bounds)
  return {
    get: async (type, key) => unlessNotFound(exchange(requests.getRequest({ type, key }))),
    list: (type, options = {}) => wholeList({ exchange, bounds }, type, options),
    page: (type, { reader, maxBytes, ...options }) =>
      exchange.read(requests.listRequest(type, options), body => readPage(body, type, { reader, maxBytes, bounds })),
    watch: (type, { leftOut, ...options }) =>
      watchEvents(transport, { path: requests.watchPath(type, options), signal: options.signal, leftOut, bounds }),
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
    evict: async (key, options = {}) => {
      await unlessNotFound(once(exchange, requests.evictionRequest(key, options)))
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

/** Whatever a refusal says about when to ask again. */
async function once(exchange: Exchanger, request: Exchange): Promise<void> {
  const answer = await exchange.raw(request)
  if (answer.status >= 300) throw refusalOf(request, answer)
}

/** For tools and tests: all of it is in memory, so it has a bound as a whole. */
async function wholeList<T extends KubeObject>(
  { exchange, bounds }: { readonly exchange: Exchanger; readonly bounds: Bounds },
  type: ResourceType<T>,
  options: ListOptions,
): Promise<ObjectList<T>> {
  const tooLarge = (): never => {
    throw new AnswerError('large', `a list of ${type.plural}`)
  }
  return exchange.read(requests.listRequest(type, options), async body => {
    const items: T[] = []
    const reader = { object: (object: T) => void items.push(object), leftOut: tooLarge }
    const end = await readPage(body, type, { reader, bounds, maxBytes: limits.skippedBytes.value })
    if (end.kind === 'cut') return tooLarge()
    const { resourceVersion, continue: more } = end
    return { items, resourceVersion, ...(more === undefined ? {} : { continue: more }) }
  })
}

// Shared list-watches and watches by name, against a scripted server — shell
import type { ManagedFieldsEntry } from '@k0smotron-ts/api'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createClient } from '../client/client.ts'
import { undiciTransport } from '../client/transport/undici-transport.ts'
import type { Client } from '../client/types.ts'
import { limits } from '../limits.ts'
import { type ArmedClock, armedClock } from '../testing/armed-clock.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { type ConfigMap, configMap, configMaps, listOf, status } from '../testing/kubernetes-answers.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../testing/scripted-server.ts'
import { createCache, type SharedCache } from './cache.ts'
import type { NamedUser } from './types.ts'

const key = { namespace: 'ns', name: 'a' }
const asked = [{ type: configMaps, key }]

let certificates: TestCertificates
let server: ScriptedServer
let client: Client
let clock: ArmedClock
let cache: SharedCache
let stop: AbortController

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  server = await scriptedServer(certificates)
  clock = armedClock()
  const pacing = { clock, random: () => 0.5 }
  client = createClient(undiciTransport(server.connection()), pacing)
  cache = createCache({ client, fieldManager: 'me', log: recordedLog(), pacing })
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await client.close()
  await server.close()
})

async function list(resourceVersion: string, ...objects: ConfigMap[]): Promise<Asked> {
  const request = await server.take()
  request.json(200, listOf(resourceVersion, objects))
  return request
}

async function watch(): Promise<Asked> {
  const request = await server.take()
  expect(request.query.get('watch')).toBe('true')
  request.begin()
  return request
}

/** Waits until a list-watch pauses, and lets that pause pass. */
async function pausePassed(): Promise<void> {
  await clock.advance(await clock.armed(milliseconds => milliseconds < 60_000))
}

interface CountingUser extends NamedUser {
  readonly woken: () => number
  /** Resolves when it has been woken so often. */
  wokenTimes(count: number): Promise<void>
}

function user(): CountingUser {
  let woken = 0
  const waiting: (() => void)[] = []
  return {
    onChange: () => {
      woken++
      for (const look of waiting) look()
    },
    woken: () => woken,
    wokenTimes: count =>
      new Promise(resolve => {
        const look = (): void => (woken >= count ? resolve() : undefined)
        waiting.push(look)
        look()
      }),
  }
}

test('the start is over when each declared kind has its first list, however often that failed', async () => {
  const store = cache.watched({ type: configMaps, labelSelector: 'app=x' })
  const started = cache.start(stop.signal)
  ;(await server.take()).json(500, status(500, 'InternalError'))
  await clock.advance(await clock.armed(milliseconds => milliseconds < 60_000))
  const request = await list('10', configMap('a', '1'))
  await started
  expect(store.get(key)?.metadata.name).toBe('a')
  expect(request.query.get('labelSelector')).toBe('app=x')
  await watch()
})

test('of managedFields only the entries of the given manager are kept whole, before `keep` sees them', async () => {
  const entry = (manager: string): ManagedFieldsEntry => ({ manager, operation: 'Apply', fieldsV1: { 'f:data': {} } })
  const object = configMap('a', '1')
  const seen: unknown[] = []
  const store = cache.watched({
    type: configMaps,
    keep: kept => {
      seen.push(kept.metadata.managedFields)
      return kept
    },
  })
  const started = cache.start(stop.signal)
  await list('10', { ...object, metadata: { ...object.metadata, managedFields: [entry('me'), entry('other')] } })
  await started
  const trimmed = [entry('me'), { manager: 'other', operation: 'Apply' }]
  expect([store.get(key)?.metadata.managedFields, ...seen]).toEqual([trimmed, trimmed])
})

test('equal declarations share one list-watch and put their indexes together', async () => {
  const one = cache.watched({ type: configMaps, indexes: { name: ({ metadata }) => [metadata.name ?? ''] } })
  const two = cache.watched({ type: configMaps, indexes: { data: ({ data = {} }) => Object.keys(data) } })
  const other = cache.watched({ type: configMaps, namespace: 'other' })
  expect([two === one, other === one]).toEqual([true, false])
  const started = cache.start(stop.signal)
  server.always(request => {
    if (request.query.get('watch')) request.begin()
    else request.json(200, listOf('10', request.path.includes('other') ? [] : [configMap('a', '1', { x: '1' })]))
    return true
  })
  await started
  expect([one.by('data', 'x').length, two.by('name', 'a').length, other.list()]).toEqual([1, 1, []])
  expect(server.requests.filter(request => request === 'GET /api/v1/configmaps').length).toBeLessThanOrEqual(2)
})

test('two declarations that keep different parts cannot share', () => {
  cache.watched({ type: configMaps, keep: object => object })
  expect(() => cache.watched({ type: configMaps })).toThrow('keeping different parts')
})

test('what is declared after the start would never be listed', async () => {
  await cache.start(stop.signal)
  expect(() => cache.watched({ type: configMaps })).toThrow('after the start')
})

test('a start that is stopped before the first list is told so', async () => {
  cache.watched({ type: configMaps })
  const started = cache.start(stop.signal)
  const request = await server.take()
  stop.abort(new Error('enough'))
  await expect(started).rejects.toThrow('enough')
  await request.closed
})

test('a start after the end does not hang', async () => {
  cache.watched({ type: configMaps })
  stop.abort(new Error('enough'))
  await expect(cache.start(stop.signal)).rejects.toThrow('enough')
})

test('a written object is learned wherever it would be brought, and nowhere else', async () => {
  const all = cache.watched({ type: configMaps })
  const labelled = cache.watched({ type: configMaps, labelSelector: 'app=x' })
  const started = cache.start(stop.signal)
  server.always(request => {
    if (request.query.get('watch')) request.begin()
    else request.json(200, listOf('10', []))
    return true
  })
  await started
  const named = await cache.named(configMaps, key, user())
  cache.learn(configMaps, configMap('a', '11'))
  expect(named).toBeUndefined()
  expect([all.list().length, labelled.list().length]).toEqual([1, 0])
  expect(await cache.named(configMaps, key, user())).toMatchObject({ metadata: { resourceVersion: '11' } })
})

test('the first to name an object waits for its answer and is not woken by it; a change wakes', async () => {
  const waiting = user()
  const first = cache.named(configMaps, key, waiting)
  const request = await list('10', configMap('a', '9'))
  expect(await first).toEqual(configMap('a', '9'))
  expect([request.path, request.query.get('fieldSelector')]).toEqual([
    '/api/v1/namespaces/ns/configmaps',
    'metadata.name=a',
  ])
  expect(waiting.woken()).toBe(0)

  const watched = await watch()
  await watched.line({ type: 'MODIFIED', object: configMap('a', '11') })
  await waiting.wokenTimes(1)
  expect(await cache.named(configMaps, key, waiting)).toEqual(configMap('a', '11'))
})

test('an object that is not there yet wakes when it comes', async () => {
  const waiting = user()
  const first = cache.named(configMaps, key, waiting)
  await list('10')
  expect(await first).toBeUndefined()
  const watched = await watch()
  await watched.line({ type: 'ADDED', object: configMap('a', '11') })
  await waiting.wokenTimes(1)
})

test('users share a watch, which ends when the last lets go', async () => {
  const [one, two] = [user(), user()]
  const both = Promise.all([cache.named(configMaps, key, one), cache.named(configMaps, key, two)])
  await list('10')
  await both
  const watched = await watch()
  cache.release(one, [])
  cache.release(two, asked)
  await watched.line({ type: 'ADDED', object: configMap('a', '11') })
  await two.wokenTimes(1)
  expect(one.woken()).toBe(0)

  cache.release(two, [])
  await watched.closed
  expect(clock.timers()).toBe(0)
  expect(server.requests).toHaveLength(2)
})

test('a first answer that is a refusal is thrown, at once for the next pass too; the answer that heals wakes', async () => {
  const waiting = user()
  const first = cache.named(configMaps, key, waiting)
  ;(await server.take()).json(403, status(403, 'Forbidden', 'configmaps is forbidden'))
  await expect(first).rejects.toMatchObject({ reason: 'Forbidden' })
  await expect(cache.named(configMaps, key, waiting)).rejects.toMatchObject({ reason: 'Forbidden' })

  await clock.advance(await clock.armed())
  await list('10') // there is no such object: news, though no change
  await waiting.wokenTimes(1)
  expect(await cache.named(configMaps, key, waiting)).toBeUndefined()
})

test('what was known stays while a watch is broken', async () => {
  const first = cache.named(configMaps, key, user())
  await list('10', configMap('a', '9'))
  await first
  ;(await watch()).break()
  expect(await clock.armed(milliseconds => milliseconds < 60_000)).toBe(1200) // it failed
  expect(await cache.named(configMaps, key, user())).toEqual(configMap('a', '9'))
})

test('the end of the cache ends named watches and those who wait for one', async () => {
  await cache.start(stop.signal)
  const first = cache.named(configMaps, key, user())
  const request = await server.take()
  stop.abort()
  await expect(first).rejects.toThrow('not watched any more')
  await expect(cache.named(configMaps, key, user())).rejects.toThrow('not watched any more')
  await request.closed
})

test('a named object that is too large for what its namespace may take is read by whoever asks, who hears of its changes', async () => {
  const one = user()
  const large = configMap('a', '1', { text: 'x'.repeat(limits.largeObjectsOfNamespaceBytes.value) })
  const named = cache.named(configMaps, key, one)
  await list('1', large)
  const both = [await server.take(), await server.take()]
  const stream = both.find(({ query }) => query.has('watch'))
  stream?.begin()
  both.find(({ query }) => !query.has('watch'))?.json(200, large)
  expect(await named).toEqual(large)
  expect(one.woken()).toBe(0)
  await stream?.line({ type: 'MODIFIED', object: { ...large, metadata: { ...large.metadata, resourceVersion: '2' } } })
  await one.wokenTimes(1)
})

const unconverted =
  'conversion webhook for example.org/v1, Kind=Thing failed: Post "https://a.b.svc:443/convert": no endpoints available'

test.each([
  ['is not served', 404, 'NotServed'],
  ['may not be read', 403, 'Forbidden'],
  ['is stored in a version that nobody converts yet', 500, 'NotConverted'],
] as const)('a kind that %s keeps nobody waiting, and is found when it comes', async (_, code, why) => {
  const told: string[] = []
  const store = cache.watched({ type: configMaps })
  cache.unreadable.onChange(() => told.push(cache.unreadable.of(configMaps)?.why ?? 'readable'))
  const started = cache.start(stop.signal)
  for (let failure = 0; failure < 3; failure++) {
    const request = await server.take()
    if (code === 404) request.text(404, '404 page not found')
    else if (code === 403) request.json(403, status(403, 'Forbidden'))
    else request.json(500, status(500, 'InternalError', unconverted))
    await pausePassed()
  }
  await started
  expect([told, store.list()]).toEqual([[why], []])

  await list('7', configMap('a', '5'))
  await watch()
  expect([told, store.list().length]).toEqual([[why, 'readable'], 1])
})

test('a kind that is lost is read anew when it comes back', async () => {
  const store = cache.watched({ type: configMaps })
  const started = cache.start(stop.signal)
  await list('7', configMap('a', '5'))
  await started
  ;(await watch()).end()
  for (let failure = 0; failure < 3; failure++) {
    await pausePassed()
    ;(await server.take()).text(404, '404 page not found')
  }
  await pausePassed()
  expect(cache.unreadable.all()).toMatchObject([{ why: 'NotServed' }])
  expect((await list('9')).query.get('watch')).toBeNull()
  await watch()
  expect([cache.unreadable.all(), store.list()]).toEqual([[], []])
})

test('a list of objects that cannot be kept is no flood of lines', async () => {
  const log = recordedLog()
  const keep = (): never => {
    throw new Error('keep')
  }
  cache = createCache({ client, fieldManager: 'me', log, pacing: { clock, random: () => 0.5 } })
  cache.watched({ type: configMaps, keep })
  const started = cache.start(stop.signal)
  await list('9', ...Array.from({ length: 250 }, (_, nth) => configMap(`a-${nth}`, '1')))
  await started
  expect(log.errors).toHaveLength(limits.errorLines.value)
})

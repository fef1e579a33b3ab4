// What a list-watch does about everything that a server or a network may do to it — shell
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { TransportTimeout } from '../client/transport/transport.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { type FollowedStore, followStore } from '../testing/followed-store.ts'
import { bookmark, configMap, listOf, status } from '../testing/kubernetes-answers.ts'
import type { Asked } from '../testing/scripted-server.ts'

const healthyMs = 10_000

let certificates: TestCertificates
let followed: FollowedStore

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  followed = await followStore(certificates)
})
afterEach(() => followed.close())

/** Answers the next request, which must be a list. */
async function list(resourceVersion: string, ...names: string[]): Promise<Asked> {
  const asked = await followed.server.take()
  expect(asked.query.get('watch')).toBeNull()
  asked.json(
    200,
    listOf(
      resourceVersion,
      names.map(name => configMap(name, resourceVersion)),
    ),
  )
  return asked
}

/** Begins the next request, which must be a watch. */
async function watch(): Promise<Asked> {
  const asked = await followed.server.take()
  expect(asked.query.get('watch')).toBe('true')
  asked.begin()
  return asked
}

const from = (asked: Asked): string | null => asked.query.get('resourceVersion')
const added = (name: string, resourceVersion: string): object => ({
  type: 'ADDED',
  object: configMap(name, resourceVersion),
})

test('it lists page by page, consistently, then watches from there with bookmarks', async () => {
  const first = await followed.server.take()
  first.json(200, listOf('10', [configMap('a', '3')], 'more'))
  const second = await followed.server.take()
  second.json(200, listOf('10', [configMap('b', '4')]))
  const watched = await watch()

  expect(Object.fromEntries(first.query)).toEqual({ limit: '250' })
  expect(Object.fromEntries(second.query)).toEqual({ limit: '250', continue: 'more' })
  expect(from(watched)).toBe('10')
  expect(watched.query.get('allowWatchBookmarks')).toBe('true')
  expect(followed.told).toEqual(['+a', '+b'])
})

test('additions, changes and deletions are told', async () => {
  await list('10', 'a')
  const watched = await watch()
  await watched.line(added('b', '11'))
  await watched.line({ type: 'MODIFIED', object: configMap('a', '12', { x: '1' }) })
  await watched.line({ type: 'DELETED', object: configMap('b', '13') })
  await followed.toldAtLeast(4)
  expect(followed.told).toEqual(['+a', '+b', '~a', '-b'])
})

const expired: readonly [string, (asked: Asked) => Promise<void>][] = [
  ['the request', async asked => asked.json(410, status(410, 'Expired'))],
  [
    'the stream',
    async asked => {
      asked.begin()
      await asked.line({ type: 'ERROR', object: status(410, 'Expired') })
    },
  ],
]

test.each(expired)('410 on %s: it lists anew and tells what happened meanwhile', async (_where, expire) => {
  await list('10', 'a', 'b')
  await expire(await followed.server.take())
  await followed.pausePassed()
  const relisted = await list('20', 'b', 'c')
  const watched = await watch()

  expect(from(relisted)).toBeNull()
  expect(from(watched)).toBe('20')
  expect(followed.told).toEqual(['+a', '+b', '~b', '+c', '-a'])
  expect(followed.log.errors).toEqual([])
})

test('410 again and again is no hot loop', async () => {
  await list('10')
  const pauses: number[] = []
  for (let round = 0; round < 8; round++) {
    ;(await followed.server.take()).json(410, status(410, 'Expired'))
    pauses.push(await followed.pausePassed())
    await list('10')
  }
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200)
  expect(Math.max(...pauses)).toBeGreaterThan(2_000)
})

test.each([
  [500, 'InternalError'],
  [403, 'Forbidden'],
  [429, 'TooManyRequests'],
])('another ERROR event (%i): it goes on at the last version after a pause, without a list', async (code, reason) => {
  await list('10')
  const watched = await watch()
  await watched.line(added('a', '11'))
  await watched.line({ type: 'ERROR', object: status(code, reason) })
  expect(await followed.pausePassed()).toBe(1200)
  expect(from(await watch())).toBe('11')
  expect(followed.log.errors).toHaveLength(1)
})

test.each([
  ['500 on the watch', (asked: Asked) => asked.json(500, status(500, 'InternalError'))],
  ['429 on the watch', (asked: Asked) => asked.json(429, status(429, 'TooManyRequests'))],
  ['403 on the watch', (asked: Asked) => asked.json(403, status(403, 'Forbidden'))],
  ['a proxy that answers HTML', (asked: Asked) => asked.text(502, '<html>')],
  ['a reset before the answer', (_asked: Asked) => followed.server.resetConnections()],
])('%s: it tries again at the same version, slower each time, and gets through', async (_what, fail) => {
  await list('10')
  const pauses: number[] = []
  for (let round = 0; round < 3; round++) {
    const asked = await followed.server.take()
    expect(from(asked)).toBe('10')
    fail(asked)
    pauses.push(await followed.pausePassed())
  }
  const watched = await watch()
  await watched.line(added('a', '11'))
  await followed.toldAtLeast(1)
  expect(pauses).toEqual([1200, 2000, 3600])
  expect(from(watched)).toBe('10')
})

test('429 with Retry-After on a watch waits as long as the server asks for, and wakes no operator', async () => {
  await list('10')
  const asked = await followed.server.take()
  asked.json(429, status(429, 'TooManyRequests'), { 'retry-after': '20' })
  expect(await followed.pausePassed()).toBe(20_000)
  await watch()
  expect(followed.log.errors).toEqual([])
})

test('500 on the list: it lists again after a pause', async () => {
  ;(await followed.server.take()).json(500, status(500, 'InternalError'))
  expect(await followed.pausePassed()).toBe(1200)
  await list('10', 'a')
  await watch()
  expect(followed.told).toEqual(['+a'])
})

test('lists that take long to fail are failures all the same: the pauses grow', async () => {
  const pauses: number[] = []
  for (let round = 0; round < 3; round++) {
    const asked = await followed.server.take()
    await followed.clock.advance(20_000)
    asked.json(500, status(500, 'InternalError'))
    pauses.push(await followed.pausePassed())
  }
  expect(pauses).toEqual([1200, 2000, 3600])
})

test('a continue token that expired: it lists from the beginning, and nothing is taken for gone before the end', async () => {
  ;(await followed.server.take()).json(200, listOf('10', [configMap('a', '3')], 'more'))
  ;(await followed.server.take()).json(410, status(410, 'Expired'))
  await followed.pausePassed()
  const again = await followed.server.take()
  again.json(200, listOf('20', [configMap('b', '4')], 'more'))
  const last = await followed.server.take()
  expect(followed.told).toEqual(['+a', '+b'])
  last.json(200, listOf('20', [configMap('c', '5')]))
  await watch()
  expect(again.query.get('continue')).toBeNull()
  expect(followed.told).toEqual(['+a', '+b', '+c', '-a'])
})

test('a slow list is waited for; one that does not end in time is asked for again', async () => {
  await followed.close()
  let lists = 0
  followed = await followStore(certificates, {
    wrap: transport => ({
      ...transport,
      send: request => {
        if (++lists > 1) return transport.send(request)
        return Promise.reject(new TransportTimeout('60 s are over'))
      },
    }),
  })
  expect(await followed.pausePassed()).toBe(1200)
  const asked = await followed.server.take()
  asked.begin()
  await asked.write('{"metadata":{"resourceVersion":"10"},')
  await followed.clock.advance(300_000)
  expect(followed.told).toEqual([])
  await asked.write('"items":[{"metadata":{"namespace":"ns","name":"a","resourceVersion":"1"}}]}')
  asked.end()
  expect(from(await watch())).toBe('10')
  expect(followed.told).toEqual(['+a'])
})

test('a watch that ends in good order goes on at once, at the last version', async () => {
  await list('10')
  const watched = await watch()
  await watched.line(added('a', '11'))
  await followed.toldAtLeast(1)
  await followed.clock.advance(healthyMs)
  watched.end()
  await followed.clock.armed(milliseconds => milliseconds === 0)
  expect(followed.clock.timers()).toBe(1) // the watchdog is gone
  expect(await followed.pausePassed()).toBe(0)
  expect(from(await watch())).toBe('11')
  expect(followed.log.errors).toEqual([])
})

test('a bookmark moves the version where it goes on, and is no change', async () => {
  await list('10')
  const watched = await watch()
  await watched.line(bookmark('42'))
  watched.end()
  await followed.pausePassed()
  expect(from(await watch())).toBe('42')
  expect(followed.told).toEqual([])
})

test('one event and then the end, each time: no hot loop, jitter, nothing lost', async () => {
  await followed.close()
  let draws = 0
  followed = await followStore(certificates, { random: () => (draws++ % 10) / 10 })
  await list('10')
  const pauses: number[] = []
  for (let round = 0; round < 12; round++) {
    const watched = await watch()
    await watched.line(added(`o${round}`, String(11 + round)))
    watched.end()
    pauses.push(await followed.pausePassed())
  }
  expect(followed.told).toHaveLength(12)
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(5_000)
  expect(new Set(pauses.slice(5)).size).toBeGreaterThan(5)
})

test.each([
  ['a line that was cut', '{"type":"ADDED","obj', (asked: Asked) => asked.end()],
  ['a reset in the middle of a line', '{"type":"AD', (asked: Asked) => asked.break()],
  ['a broken stream', '', (asked: Asked) => asked.break()],
])('%s: it goes on at the last version; nothing is lost, nothing told twice', async (_what, half, end) => {
  await list('10')
  const watched = await watch()
  await watched.line(added('a', '11'))
  await followed.toldAtLeast(1)
  await watched.write(half)
  end(watched)
  expect(await followed.pausePassed()).toBe(1200)
  const again = await watch()
  await again.line(added('a', '11')) // a server that is generous
  await again.line(added('b', '12'))
  await followed.toldAtLeast(2)
  expect(from(again)).toBe('11')
  expect(followed.told).toEqual(['+a', '+b'])
})

test('a TCP reset between events: it goes on over a new connection', async () => {
  await list('10')
  const watched = await watch()
  await watched.line(added('a', '11'))
  await followed.toldAtLeast(1)
  followed.server.resetConnections()
  await followed.pausePassed()
  const again = await watch()
  await again.line(added('b', '12'))
  await followed.toldAtLeast(2)
  expect(from(again)).toBe('11')
})

test('a raw U+2028 in an object does not cut it', async () => {
  await list('10')
  const watched = await watch()
  await watched.line({ type: 'ADDED', object: configMap('a', '11', { text: '\u2028' }) })
  await followed.toldAtLeast(1)
  expect(followed.store.get({ namespace: 'ns', name: 'a' })?.data).toEqual({ text: '\u2028' })
})

test('a handler that throws is logged; it and the others hear what comes after', async () => {
  const heard: string[] = []
  followed.store.onChange(({ after }) => {
    heard.push(String(after?.metadata.name))
    throw new Error('handler')
  })
  await list('10', 'a')
  const watched = await watch()
  await watched.line(added('b', '11'))
  await followed.toldAtLeast(2)
  expect(heard).toEqual(['a', 'b'])
  expect(followed.log.errors.map(({ message }) => message)).toEqual(['Change handler failed', 'Change handler failed'])
})

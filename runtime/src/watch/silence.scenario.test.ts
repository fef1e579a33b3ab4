// A watch from which nothing comes, and the end of all watching — shell
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { type FollowedStore, followStore } from '../testing/followed-store.ts'
import { bookmark, configMap, configMaps, listOf, status } from '../testing/kubernetes-answers.ts'
import type { Asked } from '../testing/scripted-server.ts'

const maxSilenceMs = 180_000

let certificates: TestCertificates
let followed: FollowedStore

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  followed = await followStore(certificates)
})
afterEach(() => followed.close())

async function list(resourceVersion: string, ...names: string[]): Promise<Asked> {
  const asked = await followed.server.take()
  asked.json(
    200,
    listOf(
      resourceVersion,
      names.map(name => configMap(name, resourceVersion)),
    ),
  )
  return asked
}

async function watch(): Promise<Asked> {
  const asked = await followed.server.take()
  asked.begin()
  return asked
}

const from = (asked: Asked): string | null => asked.query.get('resourceVersion')
const isWatchdog = (milliseconds: number): boolean => milliseconds > 60_000

async function beSilent(): Promise<void> {
  await followed.clock.armed(isWatchdog)
  await followed.clock.advance(maxSilenceMs)
}

test('after three minutes without a line the watch is given up and begun again at the last version', async () => {
  await list('10')
  const watched = await watch()
  await watched.line(bookmark('11'))
  await watched.line({ type: 'ADDED', object: configMap('a', '12') })
  await followed.toldAtLeast(1)
  await beSilent()
  await watched.closed
  expect(await followed.pausePassed()).toBe(1200) // many watches share a connection: they do not all come back at once
  expect(from(await watch())).toBe('12')
  expect(followed.log.errors).toEqual([])
})

test('of Events, which have no bookmarks, half an hour of silence is borne', async () => {
  await followed.close()
  followed = await followStore(certificates, { type: { ...configMaps, kind: 'Event', plural: 'events' } })
  await list('10')
  const watched = await watch()
  await beSilent()
  expect(followed.server.requests).toHaveLength(2)
  await followed.clock.advance(1_800_000 - maxSilenceMs)
  await watched.closed
})

test('a byte now and then that never becomes a line is silence', async () => {
  await list('10')
  const watched = await watch()
  for (let minute = 0; minute < 3; minute++) {
    await watched.write(' ')
    await followed.clock.armed(milliseconds => milliseconds > 0)
    await followed.clock.advance(60_000)
  }
  await watched.closed
  expect(followed.told).toEqual([])
})

test('a bookmark each minute keeps a quiet watch alive', async () => {
  await list('10')
  const watched = await watch()
  await watched.line({ type: 'ADDED', object: configMap('a', '11') })
  await followed.toldAtLeast(1)
  for (let minute = 0; minute < 10; minute++) {
    await followed.clock.advance(maxSilenceMs - 1)
    // Something visible, so that the test knows that the line has come.
    await watched.line({ type: 'MODIFIED', object: configMap('a', String(20 + minute)) })
    await followed.toldAtLeast(2 + minute)
  }
  expect(followed.server.requests).toHaveLength(2)
})

test('a second silence in a row puts the version in doubt: it lists (a restored etcd counts anew)', async () => {
  await list('1000', 'a', 'b')
  await watch()
  await beSilent()
  await followed.pausePassed()
  expect(from(await watch())).toBe('1000')
  await beSilent()
  await followed.pausePassed()
  const relisted = await list('7', 'a')
  expect(from(relisted)).toBeNull()
  expect(from(await watch())).toBe('7')
  expect(followed.told).toEqual(['+a', '+b', '~a', '-b'])
})

test('a silence that was broken once, or that ended in a list, does not count any more', async () => {
  await list('10')
  await watch()
  await beSilent()
  await followed.pausePassed()
  const second = await watch()
  await second.line({ type: 'ADDED', object: configMap('a', '11') })
  await followed.toldAtLeast(1)
  for (const expected of ['11', null, '20']) {
    await beSilent()
    await followed.pausePassed()
    if (expected === null) await list('20', 'a')
    expect(from(await watch())).toBe(expected ?? '20')
  }
})

const reach: readonly [string, () => Promise<unknown>][] = [
  [
    'a watch',
    async () => {
      await list('10')
      await watch()
      await followed.clock.armed(isWatchdog)
    },
  ],
  ['a list', () => followed.server.take()],
  [
    'a pause',
    async () => {
      ;(await followed.server.take()).json(500, status(500, 'InternalError'))
      await followed.clock.armed()
    },
  ],
]

test.each(reach)('stopped during %s, it ends and leaves no timer behind', async (_during, reached) => {
  await reached()
  await followed.stop()
  expect(followed.clock.timers()).toBe(0)
})

test('stopped by who hears of the list, it begins no watch', async () => {
  const stopped: Promise<void>[] = []
  followed.store.onChange(() => stopped.push(followed.stop()))
  await list('10', 'a')
  await followed.toldAtLeast(1)
  await Promise.all(stopped)
  expect(followed.clock.timers()).toBe(0)
})

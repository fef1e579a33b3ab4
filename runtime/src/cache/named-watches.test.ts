// How many objects are watched by name, and what becomes of the others — core
import type { ObjectKey } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import type { Logger } from '../log.ts'
import { manualClock } from '../testing/clock.ts'
import { configMap, configMaps } from '../testing/kubernetes-answers.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { LookAgain } from './look-again.ts'
import { NamedWatches, type Opener } from './named-watches.ts'
import { ObjectStore } from './store.ts'

const perNamespace = limits.namedWatchesOfNamespace.value
const all = limits.namedWatches.value

/** An API server without objects, but those that a read finds. */
function setUp() {
  const clock = manualClock()
  const told: object[] = []
  const log: Logger = { ...recordedLog(), info: (fields, message) => void told.push({ ...fields, message }) }
  const open = { watches: 0, reads: 0 }
  const opener: Opener = {
    store: watched => new ObjectStore({ watched, log, project: object => object }),
    follow: (_watched, sink, signal) => {
      open.watches += 1
      signal.addEventListener('abort', () => {
        open.watches -= 1
      })
      sink.listEnded(new Set(), '1')
    },
    get: async (_type, { name }) => {
      open.reads += 1
      return (name === 'there' ? configMap(name, '1') : undefined) as never
    },
  }
  const named = new NamedWatches(opener, new LookAgain(clock), log)
  const woken: string[] = []
  const look = async (namespace: string, count: number) => {
    const user = { onChange: () => void woken.push(namespace) }
    const keys: ObjectKey[] = Array.from({ length: count }, (_, nth) => ({ namespace, name: `s-${nth}` }))
    for (const key of keys) await named.named(configMaps, key, user)
    const asked = keys.map(key => ({ type: configMaps, key }))
    named.release(user, asked)
    return { user, asked }
  }
  return { clock, told, open, named, woken, look }
}

test('a namespace has so many watches; what is beyond is read, and looked at again', async () => {
  const { clock, open, named, woken, look } = setUp()
  const { user } = await look('evil', perNamespace + 10)
  expect(open).toEqual({ watches: perNamespace, reads: 10 })
  expect(await named.named(configMaps, { namespace: 'evil', name: 'there' }, user)).toEqual(configMap('there', '1'))
  await clock.advance(limits.lookAgainMilliseconds.value)
  expect(woken).toEqual(['evil'])
  await look('other', 1)
  expect(open.watches).toBe(perNamespace + 1)
})

test('all namespaces have so many together, and take turns when they look again', async () => {
  const { clock, open, woken, look } = setUp()
  for (let nth = 0; nth < all / perNamespace; nth++) await look(`evil-${nth}`, perNamespace)
  for (let nth = 0; nth < 100; nth++) await look('crowd', 1)
  await look('victim', 1)
  expect(open.watches).toBe(all)
  await clock.advance(2 * limits.lookAgainMilliseconds.value)
  expect(woken).toEqual(['crowd', 'victim'])
})

test('who asks for nothing beyond any more is not woken, and what it lets go makes room', async () => {
  const { clock, open, named, woken, look } = setUp()
  const { user, asked } = await look('ns', perNamespace + 1)
  named.release(user, asked.slice(0, 1))
  expect(open.watches).toBe(1)
  await clock.advance(10_000)
  expect([woken, clock.timers()]).toEqual([[], 0])
  await look('ns', 5)
  expect(open).toEqual({ watches: 5, reads: 1 })
})

test('once for a namespace that needs more, and no more often', async () => {
  const { told, look, clock } = setUp()
  for (let nth = 0; nth < 3; nth++) await look('evil', perNamespace + 5)
  await clock.advance(100)
  expect(told).toEqual([{ namespace: 'evil', message: 'Looking again in turn' }])
})

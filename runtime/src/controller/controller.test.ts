// Runs a controller: changes become keys, keys become passes, and every pass has one end — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { ApiError, type ApiErrorReason } from '../client/api-error.ts'
import { awaitChange, requeueAfter } from '../contract/types.ts'
import { wakeOn } from '../contract/wake.ts'
import { keyOf, printKey } from '../key.ts'
import {
  controllerUnderTest,
  object,
  parts,
  partWatch,
  secrets,
  widgets,
  widgetWatch,
} from '../testing/controller-under-test.ts'

test('a change of an object wakes it, one of a part wakes its owner before and after', async () => {
  const { running, cache, clock, passes } = controllerUnderTest({ reconcile: async () => awaitChange })
  cache.put(widgets, object(widgets, 'a'))
  cache.put(parts, object(parts, 'p', { owner: 'b' }))
  running.start()
  await clock.settle()
  expect(passes).toEqual(['ns/a', 'ns/b'])

  cache.put(parts, object(parts, 'p', { owner: 'c' }))
  await clock.settle()
  expect(passes.slice(2)).toEqual(['ns/b', 'ns/c'])
})

test('a pass reads what is watched, by key and by index, and nothing else', async () => {
  const seen: unknown[] = []
  const { running, cache, clock, lines } = controllerUnderTest({
    reconcile: async (key, { read }) => {
      seen.push(read.get(widgets, key)?.metadata.name)
      seen.push(read.by(parts, 'owner', 'a').map(({ metadata }) => metadata.name))
      read.by(parts, 'colour', 'red')
      return awaitChange
    },
  })
  cache.put(widgets, object(widgets, 'a'))
  cache.put(parts, object(parts, 'p', { owner: 'a' }))
  running.start()
  await clock.settle()

  expect(seen).toEqual(['a', ['p']])
  expect(lines.find(line => line.level === 'error')?.error).toMatchObject({
    message: 'controller widget reads Part by colour without watching it',
  })
})

test('a deadline brings the key back, and a pass in between takes its place', async () => {
  const actions = [requeueAfter(10_000), requeueAfter(60_000), awaitChange]
  const { running, cache, clock, passes, counted } = controllerUnderTest({
    reconcile: async () => actions.shift() ?? awaitChange,
  })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.advance(5_000)
  cache.put(widgets, object(widgets, 'a'))
  await clock.advance(59_999)
  expect(passes).toHaveLength(2)

  await clock.advance(1)
  expect(passes).toHaveLength(3)
  expect([await counted('success'), await counted('requeue_after'), clock.timers()]).toEqual(['1', '2', 0])
})

test('a deadline that is long over is looked at with growing pauses', async () => {
  const { running, cache, clock, passes } = controllerUnderTest({ reconcile: async () => requeueAfter(-1) })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.advance(3_600_000)
  expect(passes.length).toBeLessThanOrEqual(40)
})

test('a server that wants not to be asked for half a minute is not asked before', async () => {
  const busy = new ApiError({ reason: 'TooManyRequests', message: 'busy', request: 'GET /', retryAfterMs: 30_000 })
  const { running, cache, clock, passes } = controllerUnderTest({
    reconcile: async () => {
      throw new AggregateError([refusal('Conflict'), busy])
    },
  })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.advance(29_999)
  expect(passes).toHaveLength(1)
  await clock.advance(1)
  expect(passes).toHaveLength(2)
})

test('after a start, objects whose spec was not evaluated yet come first', async () => {
  const { running, cache, clock, passes } = controllerUnderTest({
    reconcile: async () => awaitChange,
    setup: { concurrency: 1 },
  })
  const at = (name: string, observedGeneration?: number): KubeObject => {
    const { metadata, ...rest } = object(widgets, name)
    const status = { observedGeneration }
    return Object.assign(rest, { metadata: { ...metadata, generation: 2 }, status })
  }
  for (const one of [at('settled', 2), at('changed', 1), at('fresh')]) cache.put(widgets, one)
  running.start()
  await clock.settle()
  expect(passes).toEqual(['ns/changed', 'ns/fresh', 'ns/settled'])
})

test('a deadline from an invalid date is a failure', () => {
  expect(() => requeueAfter(new Date('soon').getTime())).toThrow('a deadline in NaN ms is none')
})

test('a failed pass is repeated after 5, 10, 20 ms, and said each time', async () => {
  let failures = 3
  const { running, cache, clock, passes, lines, counted } = controllerUnderTest({
    reconcile: async () => {
      if (failures-- > 0) throw new Error('no')
      return awaitChange
    },
  })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.advance(34)
  expect(passes).toHaveLength(3)
  await clock.advance(1)

  expect(passes).toHaveLength(4)
  const errors = lines.filter(line => line.level === 'error')
  expect(errors).toHaveLength(3)
  expect(errors[0]).toMatchObject({
    msg: 'Pass failed, trying again',
    controller: 'widget',
    Widget: 'ns/a',
    error: { message: 'no' },
  })
  expect(new Set(errors.map(line => line.reconcileID)).size).toBe(3)
  expect([await counted('error'), await counted('success')]).toEqual(['3', '1'])
})

const refusal = (reason: ApiErrorReason): ApiError => new ApiError({ reason, message: reason, request: 'GET /' })

test.each<[string, unknown, string]>([
  ['a conflict', refusal('Conflict'), 'debug'],
  ['an object that has just gone', refusal('NotFound'), 'debug'],
  ['both at once', new AggregateError([refusal('Conflict'), refusal('NotFound')]), 'debug'],
  ['a refusal among conflicts', new AggregateError([refusal('Conflict'), refusal('Forbidden')]), 'error'],
  ['a missing kind', refusal('NotServed'), 'error'],
])('%s is repeated and logged at the right level', async (_, thrown, level) => {
  const { running, cache, clock, passes, lines } = controllerUnderTest({
    reconcile: async () => {
      throw thrown
    },
  })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.advance(5)

  expect(passes).toHaveLength(2)
  expect(lines.find(line => line.msg === 'Pass failed, trying again')?.level).toBe(level)
})

test('an object that the filter refuses is gone for its reconciler; its parts and other kinds are not asked', async () => {
  const filter = ({ metadata }: KubeObject): boolean => metadata.labels?.shard === 'mine'
  const seen = new Map<string, boolean>()
  const { running, cache, clock } = controllerUnderTest({
    reconcile: async (key, { read }) => {
      seen.set(key.name, read.get(widgets, key) !== undefined)
      return awaitChange
    },
    setup: { filter },
  })
  running.start()
  cache.put(widgets, object(widgets, 'theirs'))
  cache.put(widgets, object(widgets, 'ours', { shard: 'mine' }))
  cache.put(parts, object(parts, 'p', { owner: 'theirs' }))
  cache.put(parts, object(parts, 'q', { owner: 'ours' }))
  cache.put(parts, object(parts, 'r', { owner: 'gone' }))
  await clock.settle()
  expect(Object.fromEntries(seen)).toEqual({ ours: true, theirs: false, gone: false })
})

test('a referenced object wakes for as long as passes ask for it', async () => {
  let wanted: readonly string[] = ['one', 'two']
  const { running, cache, clock, passes } = controllerUnderTest({
    reconcile: async (_, { read }) => {
      for (const name of wanted) await read.referenced(secrets, { namespace: 'ns', name })
      return awaitChange
    },
  })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.settle()
  expect(cache.namedWatches()).toEqual(['Secret ns/one', 'Secret ns/two'])

  wanted = ['two']
  cache.put(secrets, object(secrets, 'one'))
  await clock.settle()
  expect(passes).toHaveLength(2)
  expect(cache.namedWatches()).toEqual(['Secret ns/two'])

  wanted = []
  cache.put(secrets, object(secrets, 'one'))
  cache.put(secrets, object(secrets, 'two'))
  await clock.settle()
  expect(passes).toHaveLength(3)
  expect(cache.namedWatches()).toEqual([])
})

test('a pass that throws before it asked again keeps its references', async () => {
  let fail = false
  const { running, cache, clock } = controllerUnderTest({
    reconcile: async (_, { read }) => {
      if (fail) throw new Error('no')
      await read.referenced(secrets, { namespace: 'ns', name: 'one' })
      return awaitChange
    },
  })
  running.start()
  cache.put(widgets, object(widgets, 'a'))
  await clock.settle()
  fail = true
  cache.put(secrets, object(secrets, 'one'))
  await clock.settle()
  expect(cache.namedWatches()).toEqual(['Secret ns/one'])
})

test('an object that leaves our shard lets go of its references', async () => {
  const filter = ({ metadata }: KubeObject): boolean => metadata.labels?.shard === 'mine'
  const { running, cache, clock } = controllerUnderTest({
    setup: { filter },
    reconcile: async (key, { read }) => {
      if (read.get(widgets, key)) await read.referenced(secrets, { namespace: 'ns', name: 'one' })
      return awaitChange
    },
  })
  running.start()
  cache.put(widgets, object(widgets, 'a', { shard: 'mine' }))
  await clock.settle()
  expect(cache.namedWatches()).toEqual(['Secret ns/one'])

  cache.put(widgets, object(widgets, 'a'))
  await clock.settle()
  expect(cache.namedWatches()).toEqual([])
})

test('a change that a mapping does not understand is said, and the next one still wakes', async () => {
  const { running, cache, clock, passes, lines } = controllerUnderTest({ reconcile: async () => awaitChange })
  running.start()
  cache.put(parts, object(parts, 'orphan'))
  cache.put(parts, object(parts, 'p', { owner: 'a' }))
  await clock.settle()
  expect(passes).toEqual(['ns/a'])
  expect(lines.find(line => line.level === 'error')).toMatchObject({ msg: 'Change not understood', Part: 'ns/orphan' })
})

test('something else than the cache can wake, until the controller stops', async () => {
  let wake: ((key: ObjectKey) => void) | undefined
  let heard: AbortSignal | undefined
  const { running, clock, passes } = controllerUnderTest({
    reconcile: async () => awaitChange,
    more: {
      listen: (wakeKey, signal) => {
        wake = wakeKey
        heard = signal
      },
    },
  })
  running.start()
  wake?.({ namespace: 'ns', name: 'a' })
  await clock.settle()
  expect([passes, heard?.aborted]).toEqual([['ns/a'], false])

  await running.stop()
  expect(heard?.aborted).toBe(true)
})

test('an object of a kind that cannot be read is not taken for absent: said, and repeated when it can be', async () => {
  const said: string[] = []
  const seen: unknown[] = []
  const { running, cache, clock, lines } = controllerUnderTest({
    reconcile: async (key, { read }) => {
      seen.push(read.get(parts, { ...key, name: 'p' })?.metadata.name)
      return awaitChange
    },
    more: { reportFailure: async (key, _, { message }) => void said.push(`${printKey(key)}: ${message}`) },
  })
  cache.put(widgets, object(widgets, 'a'))
  cache.setUnreadable(parts, 'NotServed')
  running.start()
  await clock.settle()
  expect([seen, said, lines.filter(({ level }) => level === 'error')]).toEqual([
    [],
    [
      'ns/a: kind Part (example.org/v1) is not served: its CustomResourceDefinition is missing, or serves no such version',
    ],
    [],
  ])

  cache.setUnreadable(parts, undefined)
  await clock.settle()
  expect(seen).toEqual([undefined])

  cache.setUnreadable(parts, 'Forbidden')
  await clock.settle()
  expect(said[1]).toContain('role lacks get, list and watch of Part.example.org')
})

test('a kind that a pass can do without is absent while it cannot be read, and the pass can ask', async () => {
  const seen: unknown[] = []
  const { running, cache, clock } = controllerUnderTest({
    reconcile: async (_, { read }) => {
      seen.push(read.by(parts, 'owner', 'a'), read.unreadable(parts)?.why, read.unreadable(widgets))
      return awaitChange
    },
    more: {
      wakes: [wakeOn(widgetWatch, widget => [keyOf(widget)]), wakeOn(partWatch, () => [], { optional: true })],
    },
  })
  cache.put(widgets, object(widgets, 'a'))
  cache.setUnreadable(parts, 'Forbidden')
  running.start()
  await clock.settle()
  expect(seen).toEqual([[], 'Forbidden', undefined])
})

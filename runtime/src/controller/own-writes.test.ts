// Which changes the passes of a controller made themselves — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { awaitChange, type Pass, type Shell, type WriteTarget } from '../contract/types.ts'
import { wakeOn } from '../contract/wake.ts'
import { keyOf } from '../key.ts'
import { createLogger } from '../log/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { manualClock } from '../testing/clock.ts'
import { memoryCache } from '../testing/memory-cache.ts'
import { createController } from './controller.ts'

const widgets: ResourceType = {
  group: 'example.org',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
}

interface Widget extends KubeObject {
  readonly spec: { readonly size: number }
  readonly status?: { readonly seen: number }
}

const widget = (resourceVersion: string, seen?: number, size = 1): Widget => ({
  apiVersion: 'example.org/v1',
  kind: 'Widget',
  metadata: { namespace: 'ns', name: 'a', resourceVersion },
  spec: { size },
  ...(seen !== undefined && { status: { seen } }),
})

/** A controller whose every pass makes one write. `watchFirst`: the watch tells it before the answer does. */
function writing(write: (pass: number) => Widget, { part, watchFirst, fails }: Partial<Writing> = {}) {
  const clock = manualClock()
  const cache = memoryCache()
  const log = createLogger({ level: 'error', output: { write: () => undefined } })
  const passes: number[] = []
  const reads: number[] = []
  const send = async (key: ObjectKey, pass: Pass): Promise<void> => {
    const written = write(passes.length)
    const bring = (): void => cache.put(widgets, written)
    await pass.write(
      { type: widgets, key, part: part ?? 'status' },
      async () => {
        if (watchFirst) bring()
        await Promise.resolve()
        return written
      },
      () => watchFirst || bring(),
    )
    if (fails) throw new Error('no')
  }
  const controller = {
    name: 'widget',
    primary: widgets,
    wakes: [wakeOn({ type: widgets }, object => [{ namespace: 'ns', name: 'reader' }, keyOf(object)])],
    reconcile: async (key: ObjectKey, shell: Shell) => {
      if (key.name === 'reader') {
        reads.push(clock.elapsed())
        return awaitChange
      }
      passes.push(clock.elapsed())
      await send(key, shell as unknown as Pass)
      return awaitChange
    },
  }
  const running = createController(
    { controller, shellFor: pass => pass as unknown as Shell, concurrency: 1 },
    { cache, clock, events: { record: () => undefined }, log, metrics: createMetrics(), random: () => 0 },
  )
  running.start()
  return { cache, clock, passes, reads }
}

interface Writing {
  readonly part: WriteTarget['part']
  readonly watchFirst: boolean
  readonly fails: boolean
}

const orders = [
  ['the answer tells it first', false],
  ['the watch tells it first', true],
] as const

test.each(orders)('a status that a pass wrote does not wake it: %s', async (_, watchFirst) => {
  const { cache, clock, passes } = writing(pass => widget(`w${pass}`, pass), { watchFirst })
  cache.put(widgets, widget('1'))
  await clock.advance(10_000)
  expect(passes).toHaveLength(1)
})

test.each(orders)('a status whose text changes each time makes a failing pass no faster: %s', async (_, watchFirst) => {
  const { cache, clock, passes } = writing(pass => widget(`w${pass}`, pass), { watchFirst, fails: true })
  cache.put(widgets, widget('1'))
  await clock.advance(34)
  expect(passes).toEqual([0, 5, 15])
})

test.each(orders)('what a failing pass wrote elsewhere makes it no faster: %s', async (_, watchFirst) => {
  const written = { part: 'object', watchFirst, fails: true } as const
  const { cache, clock, passes } = writing(pass => widget(`w${pass}`, undefined, pass), written)
  cache.put(widgets, widget('1'))
  await clock.advance(34)
  expect(passes).toEqual([0, 5, 15])
})

test.each(orders)('a pass that writes anew each time is braked: %s', async (_, watchFirst) => {
  const { cache, clock, passes } = writing(pass => widget(`w${pass}`, undefined, pass), { part: 'object', watchFirst })
  cache.put(widgets, widget('1'))
  await clock.advance(2_500)
  expect(passes).toEqual([0, 0, 0, 0, 0, 1_000, 2_000])
})

test('what another changed comes with the answer to our status: it wakes', async () => {
  const { cache, clock, passes } = writing(pass => widget(`w${pass}`, 1, 2))
  cache.put(widgets, widget('1', 1, 1))
  await clock.settle()
  expect(passes).toHaveLength(2)
})

test('what another changes while our write is under way wakes when it is answered', async () => {
  const { cache, clock, passes } = writing(pass => {
    if (pass === 1) queueMicrotask(() => cache.put(widgets, widget('other', 7)))
    return widget(`w${pass}`, pass)
  })
  cache.put(widgets, widget('1'))
  await clock.settle()
  expect(passes).toHaveLength(2)
})

test('the status that one pass wrote wakes the others that read it', async () => {
  const { cache, clock, passes, reads } = writing(pass => widget(`w${pass}`, pass))
  cache.put(widgets, widget('1'))
  await clock.settle()
  expect([passes.length, reads.length]).toEqual([1, 2])
})

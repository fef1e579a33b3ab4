// A workload API that always has one more small object — shell
import { type Logger, limits, type Node, nodes, printKey, type TransportRequest } from '@k0smotron-ts/runtime'
import { createClient } from '@k0smotron-ts/runtime/shell'
import { manualClock } from '@k0smotron-ts/runtime/testing'
import { expect, test } from 'vitest'
import { SharedWatch, type WatchedCluster } from './shared-watch.ts'
import { WatchMemory } from './watch-memory.ts'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

/** Endless in its pages, or in its watch. */
function endless(attack: 'pages' | 'watch') {
  const served = { objects: 0, lists: 0, open: 0, isWell: false }
  const item = () => ({ metadata: { name: `n${served.objects++}`, resourceVersion: `${served.objects}` } })
  async function* page(path: string): AsyncGenerator<Uint8Array> {
    if (!path.includes('continue')) served.lists += 1
    const items = served.isWell || attack === 'watch' ? [] : Array.from({ length: 250 }, item)
    yield bytes({ items, metadata: { resourceVersion: '1', ...(items.length > 0 && { continue: 'more' }) } })
  }
  async function* stream(): AsyncGenerator<Uint8Array> {
    served.open += 1
    try {
      while (true) yield Buffer.concat(Array.from({ length: 1_000 }, () => bytes({ type: 'ADDED', object: item() })))
    } finally {
      served.open -= 1
    }
  }
  const send = async ({ path }: TransportRequest) => {
    const body = path.includes('watch=true') ? stream() : page(path)
    return { status: 200, headers: {}, body }
  }
  const client = createClient({ host: 'workload', send, close: async () => undefined })
  const where: WatchedCluster = { cluster: 'ns/c', watches: client, hold: () => () => undefined }
  return { served, where }
}

function setUp() {
  const clock = manualClock()
  const errors: string[] = []
  const error = (_: object, message: string): void => void errors.push(message)
  const log: Logger = { error, info: () => undefined, debug: () => undefined, child: () => log }
  const woken: string[] = []
  const watch = new SharedWatch<Node>({
    watched: { type: nodes },
    subjectOf: ({ metadata }) => metadata.name ?? '',
    wake: one => void woken.push(printKey(one)),
    fieldManager: 'test',
    memory: new WatchMemory(),
    clock,
    random: () => 0,
    log,
  })
  return { watch, clock, errors, woken }
}

const user = { namespace: 'ns', name: 'a' }
const looking = { user, subject: 'a' }
const restMs = limits.workloadRestMilliseconds.value

test.each(['pages', 'watch'] as const)('of %s: left alone for a while, and who looks is told', async attack => {
  const { served, where } = endless(attack)
  const { watch, clock, errors, woken } = setUp()
  expect(watch.look(where, looking)).toBeUndefined()
  await expect.poll(() => watch.isInVain('ns/c', user)).toBe(true)
  await expect.poll(() => served.open).toBe(0)
  expect(served.objects).toBeLessThan(limits.workloadWatchBytes.value / 1_024)
  expect(errors.toSorted()).toEqual(['Ending a watch that remembers too much', 'Object left out'])
  expect(watch.look(where, looking)).toBeUndefined()
  await clock.advance(restMs - 1)
  expect([served.lists, watch.isInVain('ns/c', user)]).toEqual([1, true])

  served.isWell = true
  const before = woken.length
  await clock.advance(1)
  expect([watch.isInVain('ns/c', user), woken.length]).toEqual([false, before + 1])
  watch.look(where, looking)
  await expect.poll(() => served.lists).toBe(2)
  watch.close()
})

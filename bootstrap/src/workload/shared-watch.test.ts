// One list-watch per workload cluster, for as long as someone looks — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { type Clock, type Logger, type Node, nodes, printKey, type TransportRequest } from '@k0smotron-ts/runtime'
import { createClient, systemClock } from '@k0smotron-ts/runtime/shell'
import { afterEach, expect, test } from 'vitest'
import { SharedWatch, type WatchedCluster } from './shared-watch.ts'
import { WatchMemory } from './watch-memory.ts'

const log: Logger = { error: () => undefined, info: () => undefined, debug: () => undefined, child: () => log }
const clock: Clock = systemClock
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`)

/** A workload cluster with nodes; a test tells what happens to them. */
function workloadCluster() {
  const asked: string[] = []
  const streams = new Set<(event: object) => void>()
  const send = async ({ path, signal }: TransportRequest) => {
    const isWatch = path.includes('watch=true')
    asked.push(isWatch ? 'watch' : 'list')
    const list = { metadata: { resourceVersion: '1' }, items: [] }
    return { status: 200, headers: {}, body: isWatch ? stream(signal) : once(list) }
  }
  async function* once(value: unknown): AsyncGenerator<Uint8Array> {
    yield bytes(value)
  }
  async function* stream(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const waiting: object[] = []
    let arrived = Promise.withResolvers<void>()
    const tell = (event: object): void => {
      waiting.push(event)
      arrived.resolve()
    }
    streams.add(tell)
    signal?.addEventListener('abort', () => {
      streams.delete(tell)
      arrived.resolve()
    })
    while (!signal?.aborted) {
      await arrived.promise
      arrived = Promise.withResolvers()
      for (const event of waiting.splice(0)) yield bytes(event)
    }
  }
  const holders = { count: 0 }
  const hold = () => {
    holders.count += 1
    return () => {
      holders.count -= 1
    }
  }
  const connect = (): WatchedCluster => ({
    cluster: 'c',
    watches: createClient({ host: 'workload', send, close: async () => undefined }),
    hold,
  })
  const tell = (type: string, node: Node): void => {
    for (const one of streams) one({ type, object: node })
  }
  return { connect, asked, tell, watches: () => streams.size, holders }
}

const node = (name: string, resourceVersion: string, spec: object = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, resourceVersion },
  spec,
})

const open: SharedWatch<Node>[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

function setUp() {
  const woken: string[] = []
  const shared = new SharedWatch<Node>({
    watched: { type: nodes },
    subjectOf: ({ metadata }) => metadata.name ?? '',
    wake: user => void woken.push(printKey(user)),
    fieldManager: 'test',
    memory: new WatchMemory(),
    clock,
    random: () => 0,
    log,
  })
  open.push(shared)
  return { shared, woken, hosted: workloadCluster() }
}

const user = (name: string): ObjectKey => ({ namespace: 'ns', name })

test('many look through one watch, each is woken for what concerns it', async () => {
  const { shared, woken, hosted } = setUp()
  const client = hosted.connect()
  expect(shared.look(client, { user: user('a'), subject: 'm1' })).toBeUndefined()
  shared.look(client, { user: user('b'), subject: 'm2' })
  await expect.poll(() => woken.toSorted()).toEqual(['ns/a', 'ns/b'])
  await expect.poll(hosted.watches).toBe(1)
  expect(hosted.asked).toEqual(['list', 'watch'])

  hosted.tell('ADDED', node('m2', '2'))
  await expect.poll(() => woken.slice(2)).toEqual(['ns/b'])
  expect(shared.look(client, { user: user('b'), subject: 'm2' })).toMatchObject([{ metadata: { name: 'm2' } }])
  expect(shared.look(client, { user: user('a'), subject: 'm1' })).toEqual([])
})

test('a change that changes nothing that is kept wakes nobody', async () => {
  const { shared, woken, hosted } = setUp()
  shared.look(hosted.connect(), { user: user('a'), subject: 'm1' })
  await expect.poll(hosted.watches).toBe(1)
  hosted.tell('ADDED', node('m1', '2'))
  await expect.poll(() => woken).toHaveLength(2)
  hosted.tell('MODIFIED', node('m1', '3'))
  hosted.tell('MODIFIED', node('m1', '4', { providerID: 'x' }))
  await expect.poll(() => woken).toHaveLength(3)
})

test('the watch ends with the last who looks, and begins again for the next', async () => {
  const { shared, hosted } = setUp()
  const client = hosted.connect()
  for (const name of ['a', 'b']) shared.look(client, { user: user(name), subject: name })
  await expect.poll(hosted.watches).toBe(1)
  shared.leave(user('a'))
  expect(hosted.watches()).toBe(1)
  expect(hosted.holders.count).toBe(1)
  shared.leave(user('b'))
  expect(hosted.watches()).toBe(0)
  expect(hosted.holders.count).toBe(0)
  shared.look(client, { user: user('b'), subject: 'b' })
  await expect.poll(hosted.watches).toBe(1)
})

test('once closed it asks for nothing more', async () => {
  const { shared, hosted } = setUp()
  shared.close()
  expect(shared.look(hosted.connect(), { user: user('a'), subject: 'm1' })).toBeUndefined()
  expect([hosted.asked, hosted.holders.count]).toEqual([[], 0])
})

test('with another credential it begins anew, for everyone who looks', async () => {
  const { shared, woken, hosted } = setUp()
  const first = hosted.connect()
  for (const name of ['a', 'b']) shared.look(first, { user: user(name), subject: name })
  await expect.poll(() => woken).toHaveLength(2)
  await expect.poll(hosted.watches).toBe(1)
  expect(shared.look(hosted.connect(), { user: user('a'), subject: 'a' })).toBeUndefined()
  await expect.poll(() => woken.slice(2).toSorted()).toEqual(['ns/a', 'ns/b'])
  await expect.poll(hosted.watches).toBe(1)
  expect(hosted.holders.count).toBe(1)
})

test('what a write of ours returned is known before the watch brings it', async () => {
  const { shared, woken, hosted } = setUp()
  const client = hosted.connect()
  const looking = { user: user('a'), subject: 'm1' }
  shared.look(client, looking)
  await expect.poll(() => woken).toHaveLength(1)
  shared.learn('c', node('m1', '5'))
  shared.learn('nobody looks there', node('m1', '5'))
  expect(shared.look(client, looking)).toMatchObject([{ metadata: { resourceVersion: '5' } }])
})

// How much of what never ends is read, and whose turn it is — shell
import { expect, test } from 'vitest'
import type { Spent } from '../client/body/bounds.ts'
import { nodes } from '../kinds.ts'
import { limits } from '../limits.ts'
import { manualClock } from '../testing/clock.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { WorkloadPool } from './pool.ts'
import { ReadTurns } from './read-turns.ts'

const burst = limits.workloadReadBurstBytes.value
const aSecond = limits.workloadReadBytes.value
const turn = limits.workloadReadTurnBytes.value

function reading() {
  const clock = manualClock()
  const turns = new ReadTurns(clock)
  const read = new Map<string, number>()
  /** Reads one piece after the other, for ever. */
  const readOn = async (cluster: string, piece: Spent) => {
    const spent = turns.readingOf(cluster)
    for (let pieces = 1; ; pieces++) {
      read.set(cluster, pieces)
      const wait = spent(piece)
      if (wait) await wait
    }
  }
  return { clock, read, begin: (...asked: Parameters<typeof readOn>) => void readOn(...asked) }
}

test('a burst is read at once, and then so much a second', async () => {
  const { clock, read, begin } = reading()
  begin('ns/c', { bytes: turn })
  await clock.settle()
  expect(read.get('ns/c')).toBe(burst / turn + 1)
  await clock.advance(1_000)
  expect(read.get('ns/c')).toBe((burst + aSecond) / turn + 1)
})

test('small objects count as more than their bytes', async () => {
  const { clock, read, begin } = reading()
  begin('ns/c', { objects: 1 })
  await clock.advance(1_000)
  const most = (burst + aSecond) / limits.workloadReadObjectBytes.value
  expect(read.get('ns/c')).toBeGreaterThan(most - turn)
  expect(read.get('ns/c')).toBeLessThan(most + turn)
})

test('what is nothing but braces, brackets and commas counts several times', async () => {
  const { clock, read, begin } = reading()
  begin('ns/c', { bytes: turn, marks: turn })
  await clock.advance(1_000)
  const ofPiece = turn * (1 + limits.workloadReadMarkBytes.value)
  expect(read.get('ns/c')).toBe(Math.floor((burst + aSecond) / ofPiece) + 1)
})

test('what is less than a turn never waits', async () => {
  const { clock, begin } = reading()
  for (let nth = 0; nth < 10; nth++) begin(`many/${nth}`, { bytes: turn })
  await clock.settle()
  expect(new ReadTurns(clock).readingOf('one/c')({ bytes: turn - 1 })).toBeUndefined()
})

test('namespaces are read in turn, however many clusters they have', async () => {
  const { clock, read, begin } = reading()
  for (let nth = 0; nth < 10; nth++) begin(`many/${nth}`, { bytes: turn })
  await clock.settle()
  const before = [...read.values()].reduce((sum, one) => sum + one, 0)
  begin('one/c', { bytes: turn })
  await clock.advance(1_000)
  const after = [...read.values()].reduce((sum, one) => sum + one, 0)
  const ofOne = read.get('one/c') ?? 0
  expect(Math.abs(2 * ofOne - (after - before))).toBeLessThan(20)
})

/** A pool and a workload API that always has one more page of small Nodes. */
function endlessNodes() {
  const clock = manualClock()
  const served = { pages: 0, chunks: 0 }
  async function* body(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  const items = Array.from({ length: limits.pageObjects.value }, (_, nth) => ({ metadata: { name: `n-${nth}` } }))
  const lines = items.map(object => `${JSON.stringify({ type: 'ADDED', object })}\n`).join('')
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (let chunks = 0; chunks < 100; chunks++) {
      served.chunks += 1
      yield Buffer.from(lines)
    }
  }
  const page = JSON.stringify({ items, metadata: { resourceVersion: '1', continue: 'more' } })
  const send = async ({ path }: { readonly path: string }) => {
    if (path.includes('watch=true')) return { status: 200, headers: {}, body: stream() }
    const isList = path.startsWith('/api/')
    if (isList) served.pages += 1
    return { status: 200, headers: {}, body: body(isList ? page : '{"gitVersion":"v1.36.3"}') }
  }
  const transport = () => ({ host: 'workload', send, close: async () => undefined })
  const pool = new WorkloadPool({
    userAgent: 'test',
    clock,
    stopwatch: clock,
    random: () => 0.5,
    log: recordedLog(),
    wake: () => undefined,
    transport,
    asksWhileReady: false,
  })
  return { clock, served, pool }
}

const kubeconfig = Buffer.from(
  JSON.stringify({
    clusters: [{ name: 'c', cluster: { server: 'https://one' } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }),
)

async function openedPool() {
  const under = endlessNodes()
  const open = () => under.pool.open('ns/c', { namespace: 'ns', name: 'm' }, { kubeconfig, ways: [{ from: 'Secret' }] })
  open()
  await under.clock.settle()
  const opened = open()
  if (opened.kind !== 'open') throw new TypeError(opened.kind)
  return { ...under, opened }
}

test('lists beside passes are read in turns, and what a pass reads is not', async () => {
  const { clock, served, pool, opened } = await openedPool()
  const reader = { object: () => undefined, leftOut: () => undefined }
  const options = { reader, maxBytes: burst }
  const readPages = async (client: typeof opened.client) => {
    for (let pages = 0; pages < 10; pages++) await client.page(nodes, options)
  }
  void readPages(opened.watches)
  await clock.settle()
  expect(served.pages).toBe(2) // a page of so many objects is as much as the burst
  await readPages(opened.client)
  expect(served.pages).toBe(12)
  await clock.advance(10_000)
  expect(served.pages).toBe(20)
  await pool.close()
})

test('what watches bring is read in turns', async () => {
  const { clock, served, pool, opened } = await openedPool()
  const { signal } = new AbortController()
  const follow = async () => {
    for await (const event of opened.watches.watch(nodes, { resourceVersion: '1', signal }))
      expect(event.type).toBe('ADDED')
  }
  const following = follow()
  await clock.settle()
  expect(served.chunks).toBe(2) // likewise
  await clock.advance(20_000)
  await following
  expect(served.chunks).toBe(100)
  await pool.close()
})

// Connections to workload clusters: made once, asked beside, shared by few at a time, given up when idle — shell
import type { ObjectKey } from '@k0smotron-ts/api'
import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import { KubeconfigError } from '../client/kubeconfig/kubeconfig.ts'
import type { ConnectionConfig } from '../client/transport/connection.ts'
import { type Transport, type TransportRequest, TransportTimeout } from '../client/transport/transport.ts'
import { printKey } from '../key.ts'
import { configMaps, nodes } from '../kinds.ts'
import { limits } from '../limits.ts'
import type { Logger } from '../log.ts'
import { manualClock } from '../testing/clock.ts'
import { pause } from '../wait.ts'
import { type Opening, type Reach, type Workload, WorkloadPool } from './pool.ts'

type Answer =
  | 'refused'
  | 'silent'
  | 'endless'
  | { readonly status: number; readonly retryAfter?: string; readonly body?: string }

const ok: Answer = { status: 200, body: '{"gitVersion":"v1.36.3+k0s","metadata":{"resourceVersion":"1"},"items":[]}' }

const kubeconfig = (server: string, user: object = { token: 't' }): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )

const reach = (server: string): Reach => ({
  kubeconfig: kubeconfig(server),
  ways: [{ from: 'Secret a-kubeconfig' }],
})

const user = (name: string): ObjectKey => ({ namespace: 'ns', name })

async function* endless(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array()
  await new Promise(() => undefined)
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

function setUp(asksWhileReady = false) {
  const clock = manualClock()
  const asked: string[] = []
  const closed: string[] = []
  const woken: string[] = []
  const logged: object[] = []
  const ignored = (): void => undefined
  const log: Logger = { error: ignored, info: fields => void logged.push(fields), debug: ignored, child: () => log }
  /** For every request, or by the path it begins with. */
  const answers: { next: Answer; work?: Answer } = { next: ok }

  const send = async ({ timeoutMs, path, method, signal }: TransportRequest, server: string) => {
    const isProbe = path === '/readyz' || path === '/version'
    asked.push(`${method} ${server}${path}`)
    const answer = (isProbe ? undefined : answers.work) ?? answers.next
    if (answer === 'refused') throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    if (answer === 'silent') {
      await pause(clock, Number(timeoutMs), signal)
      throw new TransportTimeout('silence')
    }
    if (answer === 'endless') return { status: 200, headers: {}, body: endless() }
    const { status, retryAfter, body = '' } = answer
    return { status, headers: { 'retry-after': retryAfter }, body: once(body) }
  }
  const transport = ({ server: host }: ConnectionConfig): Transport => ({
    host,
    send: request => send(request, host),
    close: async () => void closed.push(host),
  })
  const wake = (one: ObjectKey): void => void woken.push(printKey(one))
  const waiting = new Set<string>()
  const away = (one: ObjectKey) => {
    waiting.add(printKey(one))
    return () => void waiting.delete(printKey(one))
  }
  const pool = new WorkloadPool({
    userAgent: 'test',
    clock,
    stopwatch: clock,
    random: () => 0.5,
    log,
    wake,
    invite: wake,
    away,
    transport,
    asksWhileReady,
  })
  return {
    clock,
    asked,
    closed,
    woken,
    waiting,
    logged,
    answers,
    pool,
    open: (name = 'm1') => pool.open('ns/a', user(name), reach('https://one')),
  }
}

function opened(opening: Opening): Workload {
  if (opening.kind !== 'open') throw new TypeError(opening.kind)
  return opening
}

const request = 'POST /x'
const unreachable = (message: string): Opening => ({ kind: 'unreachable', message })
const nobody = unreachable('nobody at one (Secret a-kubeconfig) answers as the API server of this cluster')

test('the first pass waits for no answer, and is woken by it', async () => {
  const { clock, asked, woken, open } = setUp()
  expect(open()).toEqual({ kind: 'unknown' })
  await clock.settle()
  expect(woken).toEqual(['ns/m1'])
  expect(open().kind).toBe('open')
  await clock.advance(60_000)
  open()
  await clock.settle()
  expect(asked).toEqual(['GET https://one/readyz', 'GET https://one/version'])
})

test('the connection lasts for as long as the kubeconfig says the same', async () => {
  const { clock, closed, open, pool, woken } = setUp()
  open()
  pool.open('ns/b', user('m1'), reach('https://one'))
  await clock.settle()
  const { watches } = opened(open())
  expect(opened(open()).watches).toBe(watches)
  expect(opened(pool.open('ns/b', user('m1'), reach('https://one'))).watches).not.toBe(watches)
  woken.length = 0
  expect(pool.open('ns/a', user('m2'), reach('https://two'))).toEqual({ kind: 'unknown' })
  await clock.settle()
  expect(closed).toEqual(['https://one'])
  expect(woken.toSorted()).toEqual(['ns/m1', 'ns/m2']) // whoever waited for the one before waits for this one
})

test('nobody there: asked ever more rarely for as long as somebody waits, who is woken when that changes', async () => {
  const { clock, asked, answers, woken, open, pool, logged } = setUp()
  answers.next = 'refused'
  open()
  await clock.settle()
  expect(open()).toEqual(nobody)
  expect(logged).toMatchObject([{ code: 'ECONNREFUSED' }])
  await clock.advance(62_000)
  expect(asked).toHaveLength(8) // after 0, 0.2, 1.2, 3.2, … 61.2 s
  expect(woken).toEqual(['ns/m1'])

  answers.next = ok
  await clock.advance(30_000)
  expect(woken).toEqual(['ns/m1', 'ns/m1'])
  expect(open().kind).toBe('open')

  answers.next = 'refused'
  opened(open()).failed(new ApiError({ reason: 'Unavailable', message: 'reset', request }))
  pool.leave(user('m1'))
  const askedSoFar = asked.length
  await clock.advance(300_000)
  expect(asked).toHaveLength(askedSoFar)
})

test('a request that gets no answer tells everyone; one that is refused tells nobody', async () => {
  const { clock, woken, open } = setUp()
  open('m1')
  open('m2')
  await clock.settle()
  const { failed } = opened(open('m1'))
  expect(failed(new ApiError({ reason: 'Conflict', message: 'x', request, code: 409 }))).toBeUndefined()
  expect(failed(new TypeError('ours'))).toBeUndefined()
  expect(open().kind).toBe('open')
  woken.length = 0
  const message = 'the API server at one (Secret a-kubeconfig) does not answer requests in time'
  const error = new ApiError({ reason: 'Timeout', message: 'no answer', request })
  expect([failed(error), failed(error)]).toEqual([message, message])
  expect(open()).toEqual(unreachable(message))
  expect(woken).toEqual(['ns/m1', 'ns/m2'])
})

test('what a pass asks takes five seconds in all, and nothing is sent twice', async () => {
  const { clock, asked, answers, open } = setUp()
  open()
  await clock.settle()
  asked.length = 0
  answers.work = 'silent'
  const { client } = opened(open())
  const key = { namespace: 'ns', name: 'x' }
  const startedAt = clock.elapsed()
  const pass = (async () => {
    await expect(client.get(configMaps, key)).rejects.toMatchObject({ reason: 'Timeout' })
    await expect(client.get(configMaps, key)).rejects.toMatchObject({ reason: 'Timeout' })
    return clock.elapsed() - startedAt
  })()
  await clock.advance(60_000)
  expect(await pass).toBe(5_000)
  expect(asked).toHaveLength(1)
})

test('what a pass does between its requests costs nothing', async () => {
  const { clock, open } = setUp()
  open()
  await clock.settle()
  const { client } = opened(open())
  await clock.advance(60_000)
  expect(await client.list(configMaps)).toMatchObject({ items: [] })
})

test('429 with Retry-After delays the cluster for so long, whatever /readyz says, and is not waited for', async () => {
  const { clock, asked, answers, open } = setUp()
  open()
  await clock.settle()
  asked.length = 0
  answers.work = { status: 429, retryAfter: '10' }
  const { client, failed } = opened(open())
  const error = await client.delete(nodes, { name: 'x' }).catch((thrown: unknown) => thrown)
  const message = 'the API server at one (Secret a-kubeconfig) takes no requests for now (429)'
  expect(failed(error)).toBe(message)
  expect(open()).toEqual(unreachable(message))
  await clock.advance(9_999)
  expect(asked).toEqual(['DELETE https://one/api/v1/nodes/x'])
  await clock.advance(1)
  expect(asked).toHaveLength(2)
  expect(open().kind).toBe('open')
})

test.each([429, 500, 503])('three answers of %i in a row are an outage, and each one after is', async status => {
  const { clock, answers, open } = setUp()
  open()
  await clock.settle()
  answers.work = { status }
  const ask = async (): Promise<boolean> => {
    const { client, failed } = opened(open())
    const error = await client.delete(nodes, { name: 'x' }).catch((thrown: unknown) => thrown)
    return failed(error) !== undefined
  }
  expect([await ask(), await ask()]).toEqual([false, false])
  expect(open().kind).toBe('open')
  expect(await ask()).toBe(true)
  await clock.advance(1_000)
  expect(await ask()).toBe(true)
  await clock.advance(1_000)
  expect(open().kind).toBe('unreachable')
  await clock.advance(1_000)

  answers.work = ok
  await opened(open()).client.list(nodes)
  answers.work = { status }
  expect([await ask(), await ask()]).toEqual([false, false])
})

test('two work with a cluster at a time; the next is woken when one is done', async () => {
  const { clock, open, pool, woken } = setUp()
  for (const name of ['m1', 'm2', 'm3']) open(name)
  await clock.settle()
  woken.length = 0
  expect(['m1', 'm2', 'm3', 'm1'].map(name => open(name).kind)).toEqual(['open', 'open', 'busy', 'open'])
  pool.passOver(user('m3'))
  expect(woken).toEqual([])
  pool.passOver(user('m1'))
  expect(woken).toEqual(['ns/m3'])
  expect([open('m1').kind, open('m3').kind]).toEqual(['busy', 'open'])
  expect(pool.open('ns/b', user('m1'), reach('https://two')).kind).toBe('unknown') // another cluster has its own places
})

test('a pass is away while it waits for an answer, and no longer', async () => {
  const { clock, open, answers, waiting } = setUp()
  open()
  await clock.settle()
  const { client } = opened(open())
  answers.work = 'silent'
  const asked = expect(client.list(configMaps)).rejects.toMatchObject({ reason: 'Timeout' })
  await clock.advance(1)
  expect([...waiting]).toEqual(['ns/m1'])
  await clock.advance(60_000)
  await asked
  expect([...waiting]).toEqual([])
})

test('many clusters that are slow leave places for one that is quick', async () => {
  const { clock, open, answers, pool } = setUp()
  const openNth = (nth: number) => pool.open(`ns-${nth}/c`, user(`u-${nth}`), reach(`https://c-${nth}`))
  open()
  await clock.settle()
  await opened(open()).client.list(configMaps)
  pool.passOver(user('m1'))
  for (let nth = 0; nth < 20; nth++) openNth(nth)
  await clock.settle()
  const kinds = Array.from({ length: 20 }, (_, nth) => openNth(nth).kind)
  expect(kinds.filter(kind => kind === 'open')).toHaveLength(limits.workloadPassesUnproven.value)
  answers.work = 'silent' // it is slow once, and not quick for a while
  const asked = expect(opened(open()).client.list(configMaps)).rejects.toMatchObject({ reason: 'Timeout' })
  await clock.advance(60_000)
  await asked
  pool.passOver(user('m1'))
  expect(open().kind).toBe('busy')
  await clock.advance(limits.workloadDistrustMilliseconds.value)
  expect(open().kind).toBe('open')
})

test('a place that was kept for a pass that did not need it goes to the next', async () => {
  const { clock, open, pool, woken } = setUp()
  const names = ['m1', 'm2', 'm3', 'm4', 'm5']
  for (const name of names) open(name)
  await clock.settle()
  woken.length = 0
  for (const name of names) open(name)
  pool.passOver(user('m1'))
  pool.passOver(user('m3')) // woken, and blocked by something else
  pool.passOver(user('m4'))
  expect(woken).toEqual(['ns/m3', 'ns/m4', 'ns/m5'])
})

test('who left is neither woken nor kept waiting for', async () => {
  const { clock, open, pool, woken } = setUp()
  for (const name of ['m1', 'm2']) open(name)
  pool.leave(user('m1'))
  await clock.settle()
  expect(woken).toEqual(['ns/m2'])
})

test('idle connections are closed, those with an open watch are not', async () => {
  const { clock, closed, open, pool, answers } = setUp()
  open()
  pool.open('ns/b', user('m1'), reach('https://two'))
  await clock.settle()
  const { watches } = opened(pool.open('ns/b', user('m1'), reach('https://two')))
  answers.next = 'endless'
  const { signal } = new AbortController()
  void watches.watch(nodes, { resourceVersion: '1', signal })[Symbol.asyncIterator]().next()
  await clock.advance(900_000)
  expect(closed).toEqual([]) // somebody may still want them
  pool.leave(user('m1'))
  await clock.advance(900_000)
  expect(closed).toEqual(['https://one'])
  await pool.close()
  expect(closed.sort()).toEqual(['https://one', 'https://two'])
  expect(clock.timers()).toBe(0)
})

test('what is held stays, though nothing is under way; once all let go it is idle like any other', async () => {
  const { clock, closed, open, pool } = setUp()
  open()
  await clock.settle()
  const [release, alsoHeld] = [opened(open()).hold(), opened(open()).hold()]
  pool.leave(user('m1'))
  await clock.advance(900_000)
  release()
  release()
  await clock.advance(900_000)
  expect(closed).toEqual([])
  alsoHeld()
  await clock.advance(900_000)
  expect(closed).toEqual(['https://one'])
})

test('asked on for as long as it is not forgotten, and then known no more', async () => {
  const { clock, asked, pool, woken, answers } = setUp(true)
  const ask = () => pool.ask('ns/a', user('a'), { ...reach('https://one'), revision: 'pod 1' })
  expect(ask()).toBeUndefined()
  await clock.settle()
  expect(ask()).toEqual({ ready: true, message: '', version: 'v1.36.3+k0s', endpoint: 'same' })
  await clock.advance(60_000)
  expect(asked).toHaveLength(4)
  answers.next = 'refused'
  await clock.advance(30_000)
  expect(woken).toEqual(['ns/a', 'ns/a'])
  pool.forget('ns/a')
  expect(clock.timers()).toBe(1) // the sweep
  expect(ask()).toBeUndefined()
})

test('with another revision it is asked at once, and what it answered before counts no more', async () => {
  const { clock, asked, pool } = setUp(true)
  const ask = (revision: string) => pool.ask('ns/a', user('a'), { ...reach('https://one'), revision })
  ask('pod 1')
  await clock.settle()
  expect(ask('pod 2')).toBeUndefined()
  await clock.settle()
  expect(asked).toEqual(Array(2).fill(['GET https://one/readyz', 'GET https://one/version']).flat())
})

test('a kubeconfig that would act with our rights, or leads to no https server, opens nothing', () => {
  const { pool, closed, asked } = setUp()
  const refused = (value: Uint8Array) => () =>
    pool.open('ns/a', user('a'), { ...reach('https://one'), kubeconfig: value })
  expect(refused(kubeconfig('https://one', { exec: { command: 'id' } }))).toThrow(KubeconfigError)
  expect(refused(kubeconfig('https://'))).toThrow(KubeconfigError)
  expect(refused(kubeconfig('https://[::1'))).toThrow(KubeconfigError)
  expect([closed, asked]).toEqual([[], []])
})

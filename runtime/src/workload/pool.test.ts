// Connections to hosted API servers: made once, asked beside, given up when idle — shell
import { expect, test } from 'vitest'
import { ApiError } from '../client/api-error.ts'
import type { ConnectionConfig } from '../client/connection.ts'
import { KubeconfigError } from '../client/kubeconfig.ts'
import { type Transport, type TransportRequest, TransportTimeout } from '../client/transport.ts'
import { pause } from '../clock.ts'
import { nodes } from '../kinds.ts'
import { manualClock } from '../testing/clock.ts'
import { WorkloadPool } from './pool.ts'

type Answer = number | 'refused' | 'silent' | 'endless'

const kubeconfig = (server: string, user: object = { token: 't' }): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  )

async function* endless(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array()
  await new Promise(() => undefined)
}

function setUp() {
  const clock = manualClock()
  const asked: string[] = []
  const closed: string[] = []
  const changed: string[] = []
  const answers: { next: Answer } = { next: 200 }

  const send = async ({ timeoutMs, path }: TransportRequest, server: string) => {
    asked.push(`${server}${path} ${timeoutMs}`)
    const answer = answers.next
    if (answer === 'refused') throw new Error('connect ECONNREFUSED')
    if (answer === 'silent') {
      await pause(clock, Number(timeoutMs))
      throw new TransportTimeout('silence')
    }
    return answer === 'endless'
      ? { status: 200, headers: {}, body: endless() }
      : { status: answer, headers: {}, body: (async function* () {})() }
  }
  const transport = ({ server }: ConnectionConfig): Transport => ({
    host: server,
    send: request => send(request, server),
    close: async () => void closed.push(server),
  })
  const onChange = (cluster: string): void => void changed.push(cluster)
  const pool = new WorkloadPool({ userAgent: 'test', clock, random: () => 0.5, onChange, transport })
  return { clock, asked, closed, changed, answers, pool, open: () => pool.open('ns/a', kubeconfig('https://one')) }
}

test('the first pass waits for no answer, and is woken by it', async () => {
  const { clock, asked, changed, open } = setUp()
  expect(open().health).toEqual({ kind: 'unknown' })
  await clock.settle()
  expect(changed).toEqual(['ns/a'])
  expect(open().health).toEqual({ kind: 'reachable' })
  await clock.advance(60_000)
  open()
  await clock.settle()
  expect(asked).toEqual(['https://one/readyz 5000'])
})

test('the connection lasts for as long as the kubeconfig says the same', async () => {
  const { clock, closed, open, pool } = setUp()
  const { client } = open()
  await clock.settle()
  expect(open().client).toBe(client)
  expect(pool.open('ns/b', kubeconfig('https://one')).client).not.toBe(client)
  expect(pool.open('ns/a', kubeconfig('https://two')).client).not.toBe(client)
  await clock.settle()
  expect(closed).toEqual(['https://one'])
})

test('nobody there: asked again ever more rarely, and only while someone opens it', async () => {
  const { clock, asked, answers, changed, open } = setUp()
  answers.next = 'refused'
  const pauses: number[] = []
  for (let turn = 0; turn < 8; turn++) {
    open()
    await clock.settle()
    const { health } = open()
    expect(health).toMatchObject({ kind: 'unreachable', message: 'the connection to the API server failed' })
    if (health.kind === 'unreachable') pauses.push(health.retryInMs)
    await clock.advance(pauses.at(-1) ?? 0)
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect(changed).toEqual(['ns/a'])
  const askedSoFar = asked.length
  await clock.advance(300_000)
  expect(asked).toHaveLength(askedSoFar)

  answers.next = 200
  open()
  await clock.settle()
  expect(changed).toEqual(['ns/a', 'ns/a'])
})

test('many who come while it is asked do not ask again', async () => {
  const { clock, asked, answers, open } = setUp()
  answers.next = 'silent'
  for (let pass = 0; pass < 100; pass++) open()
  await clock.advance(2_000)
  for (let pass = 0; pass < 100; pass++) expect(open().health).toEqual({ kind: 'unknown' })
  expect(asked).toHaveLength(1)
  await clock.advance(3_000)
  expect(open().health).toMatchObject({ message: 'the API server did not answer in time' })
})

test.each([
  [401, 'the API server refuses the credential of the kubeconfig (401)'],
  [500, 'the API server answers /readyz with 500'],
])('an answer of %i is no way in', async (status, message) => {
  const { clock, answers, open } = setUp()
  answers.next = status
  open()
  await clock.settle()
  expect(open().health).toMatchObject({ kind: 'unreachable', message })
})

test('a request that gets no answer tells everyone; one that is refused tells nobody', async () => {
  const { clock, changed, open } = setUp()
  const workload = open()
  await clock.settle()
  const request = 'POST /x'
  expect(workload.failed(new ApiError({ reason: 'Conflict', message: 'x', request }))).toBe(false)
  expect(workload.failed(new TypeError('ours'))).toBe(false)
  expect(open().health.kind).toBe('reachable')
  expect(workload.failed(new ApiError({ reason: 'Timeout', message: 'no answer', request }))).toBe(true)
  expect(open().health).toEqual({ kind: 'unreachable', message: 'no answer', retryInMs: 1_000 })
  expect(changed).toEqual(['ns/a', 'ns/a'])
})

test('one fault that many requests see is asked about after a second, and twice as late after each vain question', async () => {
  const { clock, answers, open } = setUp()
  const { failed } = open()
  await clock.settle()
  const reset = new ApiError({ reason: 'Unavailable', message: 'reset', request: 'POST /x' })
  for (let request = 0; request < 6; request++) expect(failed(reset)).toBe(true)
  expect(open().health).toEqual({ kind: 'unreachable', message: 'reset', retryInMs: 1_000 })

  answers.next = 'refused'
  await clock.advance(1_000)
  open()
  await clock.settle()
  for (let request = 0; request < 6; request++) failed(reset)
  expect(open().health).toMatchObject({ kind: 'unreachable', retryInMs: 2_000 })
})

test('no request of a pass waits for longer than a probe', async () => {
  const { clock, asked, open } = setUp()
  const { client } = open()
  await clock.settle()
  await client.probe('/version', { timeoutMs: 30_000 })
  expect(asked.at(-1)).toBe('https://one/version 5000')
})

test('idle connections are closed, those with an open watch are not', async () => {
  const { clock, closed, open, pool, answers } = setUp()
  const { client } = open()
  const watched = pool.open('ns/b', kubeconfig('https://two')).client
  await clock.settle()
  answers.next = 'endless'
  const { signal } = new AbortController()
  void watched.watch(nodes, { resourceVersion: '1', signal })[Symbol.asyncIterator]().next()
  await clock.advance(900_000)
  expect(closed).toEqual(['https://one'])

  expect(open().client).not.toBe(client)
  await pool.close()
  expect(closed.sort()).toEqual(['https://one', 'https://one', 'https://two'])
  expect(clock.timers()).toBe(0)
})

test('what is held stays, though nothing is under way; once all let go it is idle like any other', async () => {
  const { clock, closed, open } = setUp()
  const releases = [open().hold(), open().hold()]
  await clock.settle()
  await clock.advance(900_000)
  expect(closed).toEqual([])

  releases[0]?.()
  releases[0]?.()
  await clock.advance(900_000)
  expect(closed).toEqual([])

  releases[1]?.()
  await clock.advance(900_000)
  expect(closed).toEqual(['https://one'])
})

test('what would act with our rights is refused', () => {
  const { pool } = setUp()
  expect(() => pool.open('ns/a', kubeconfig('https://one', { exec: { command: 'id' } }))).toThrow(KubeconfigError)
})

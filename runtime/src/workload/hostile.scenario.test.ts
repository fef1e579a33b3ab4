// What API servers of workload clusters may do to whoever asks them, over real TLS — shell
import { lookup } from 'node:dns/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { ConnectionConfig } from '../client/transport/connection.ts'
import type { Transport } from '../client/transport/transport.ts'
import { nodes } from '../kinds.ts'
import { type ArmedClock, armedClock } from '../testing/armed-clock.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../testing/scripted-server.ts'
import { guardedTransport } from './address-guard.ts'
import type { WorkloadAnswer } from './answer.ts'
import { type Reach, WorkloadPool } from './pool.ts'

/** For a machine that does other things beside; nothing here waits. */
const slow = { timeout: 60_000 }

let certificates: TestCertificates
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  certificates = await testCertificates()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function serverThat(answers: (asked: Asked) => unknown, of = certificates): Promise<ScriptedServer> {
  const server = await scriptedServer(of)
  server.always(asked => {
    answers(asked)
    return true
  })
  closing.push(() => server.close())
  return server
}

const loopback = { allowed: ['127.0.0.0/8'], management: '10.96.0.1' }

interface Asking {
  readonly ways?: Reach['ways']
  readonly transport?: (connection: ConnectionConfig) => Transport
}

/** A pool that asks one cluster, and each of its answers as it comes. */
function poolFor(server: string, { ways = [{ from: 'Secret c-kubeconfig' }], transport }: Asking = {}) {
  const clock: ArmedClock = armedClock()
  const arrived: (WorkloadAnswer | undefined)[] = []
  const takers: ((answer: WorkloadAnswer | undefined) => void)[] = []
  const user = { namespace: 'ns', name: 'c' }
  const reach: Reach = { kubeconfig: kubeconfigFor(server), ways }
  const wake = (): void => {
    const answer = pool.ask('ns/c', user, reach)
    const taker = takers.shift()
    if (taker) taker(answer)
    else arrived.push(answer)
  }
  const pool = new WorkloadPool({
    userAgent: 'test/1',
    clock,
    stopwatch: clock,
    random: () => 0.5,
    log: recordedLog(),
    wake,
    transport: transport ?? guardedTransport(loopback),
    asksWhileReady: true,
  })
  closing.push(() => pool.close())
  pool.ask('ns/c', user, reach)
  const next = (): Promise<WorkloadAnswer | undefined> =>
    arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise(resolve => takers.push(resolve))
  return { pool, clock, next, user, reach }
}

function kubeconfigFor(server: string): Uint8Array {
  const ca = Buffer.from(certificates.ca).toString('base64')
  const text = JSON.stringify({
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': ca } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  })
  return new TextEncoder().encode(text)
}

const host = ({ url }: ScriptedServer): string => new URL(url).host
const silent = (at: string): WorkloadAnswer => ({
  ready: false,
  message: `nobody at ${at} answers as the API server of this cluster`,
  endpoint: 'silent',
})
const saying = (server: ScriptedServer, message: string): WorkloadAnswer => ({
  ready: false,
  message: `the API server at ${host(server)} (Secret c-kubeconfig) ${message}`,
  endpoint: 'same',
})

/** The budget of one question, beside which the clock knows only pauses. */
const isBudget = (milliseconds: number): boolean => milliseconds === 5_000

const healthy = (asked: Asked): void =>
  asked.path === '/version' ? asked.json(200, { gitVersion: 'v1.36.3+k0s' }) : asked.text(200, 'ok')

test('one that works is ready, over HTTP/1.1 though it offers HTTP/2', slow, async () => {
  const server = await serverThat(healthy)
  const { next } = poolFor(server.url)
  expect(await next()).toEqual({ ready: true, message: '', version: 'v1.36.3+k0s', endpoint: 'same' })
  expect(new Set(server.protocols())).toEqual(new Set(['http/1.1']))
})

test('an endless body is not read on: what counts is the status', slow, async () => {
  const pouring = async (asked: Asked): Promise<void> => {
    asked.begin()
    let isOpen = true
    void asked.closed.then(() => {
      isOpen = false
    })
    while (isOpen) await asked.write(Buffer.alloc(65_536))
  }
  const server = await serverThat(asked => void pouring(asked))
  const { next } = poolFor(server.url)
  expect(await next()).toEqual({ ready: true, message: '', endpoint: 'same' })
})

test('one that sends a byte now and then is left after five seconds', slow, async () => {
  const begun = Promise.withResolvers<Asked>()
  const server = await serverThat(asked => {
    asked.begin()
    begun.resolve(asked)
  })
  const { clock, next } = poolFor(server.url)
  const asked = await begun.promise
  for (let second = 0; second < 5; second++) {
    await clock.armed(isBudget)
    await asked.write('x')
    await clock.advance(1_000)
  }
  expect(await next()).toEqual(silent(`${host(server)} (Secret c-kubeconfig)`))
  await asked.closed
})

test('one that takes a connection and says nothing over it is left after five seconds', slow, async () => {
  const taken = new Set<Socket>()
  const server = createServer(socket => void taken.add(socket.on('error', () => undefined)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    for (const socket of taken) socket.destroy()
    server.close()
  })
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const { clock, next } = poolFor(`https://${at}`)
  await clock.armed(isBudget)
  await expect.poll(() => taken.size).toBe(1)
  await clock.advance(5_000)
  expect(await next()).toEqual(silent(`${at} (Secret c-kubeconfig)`))
})

test('429 for ever: asked when it says, and never twice in between', slow, async () => {
  const server = await serverThat(asked => asked.json(429, {}, { 'retry-after': '20' }))
  const { clock, next } = poolFor(server.url)
  expect(await next()).toEqual(saying(server, 'answers /readyz with 429'))
  expect(await clock.armed(milliseconds => milliseconds === 20_000)).toBe(20_000)
  expect(server.requests).toEqual(['GET /readyz'])
})

test.each([
  [500, 'answers /readyz with 500'],
  [401, 'refuses the credential of the kubeconfig (401)'],
])('%i is no way in', slow, async (status, message) => {
  const server = await serverThat(asked => asked.text(status, 'no'))
  const { next } = poolFor(server.url)
  expect(await next()).toEqual(saying(server, message))
})

test('a redirect is not followed', slow, async () => {
  const server = await serverThat(asked => asked.json(302, {}, { location: '/elsewhere' }))
  const { next } = poolFor(server.url)
  expect(await next()).toEqual(saying(server, 'answers /readyz with 302'))
  expect(server.requests).toEqual(['GET /readyz'])
})

test.each(['not JSON', 'null', '[]', '{"gitVersion":7}', ''])('a version of %j is no version', slow, async text => {
  const server = await serverThat(asked => asked.text(200, asked.path === '/version' ? text : 'ok'))
  const { next } = poolFor(server.url)
  expect(await next()).toEqual({ ready: true, message: '', endpoint: 'same' })
})

test('a version that is long is cut', slow, async () => {
  const server = await serverThat(asked => asked.json(200, { gitVersion: 'v'.repeat(10_000) }))
  const { next } = poolFor(server.url)
  expect((await next())?.version).toHaveLength(64)
})

test('a stream that breaks off is an answer of nobody', slow, async () => {
  const server = await serverThat(asked => {
    asked.begin()
    asked.break()
  })
  const { next } = poolFor(server.url)
  expect(await next()).toEqual(silent(`${host(server)} (Secret c-kubeconfig)`))
})

test('the certificate of another authority is foreign, whatever it answers', slow, async () => {
  const server = await serverThat(healthy, await testCertificates())
  const { next } = poolFor(server.url)
  expect(await next()).toEqual({ ...silent(`${host(server)} (Secret c-kubeconfig)`), endpoint: 'foreign' })
})

test('ready through the Service says what is at the endpoint', slow, async () => {
  const [service, foreign] = [await serverThat(healthy), await serverThat(healthy, await testCertificates())]
  const ways: Reach['ways'] = [{ server: service.url, from: 'Service kmc-c' }, { from: 'Secret c-kubeconfig' }]
  const version = 'v1.36.3+k0s'
  const ready = { ready: true, message: '', version }
  expect(await poolFor(foreign.url, { ways }).next()).toEqual({ ...ready, endpoint: 'foreign' })
  expect(await poolFor('https://127.0.0.1:1', { ways }).next()).toEqual({ ...ready, endpoint: 'silent' })
  expect(await poolFor(service.url, { ways }).next()).toEqual({ ...ready, endpoint: 'same' })
  expect(await poolFor(foreign.url, { ways: [ways[0]] }).next()).toEqual(ready) // told not to ask there
})

test('the endpoint is the way when the Service is none, and both are named when neither is', slow, async () => {
  const server = await serverThat(healthy)
  const ways: Reach['ways'] = [
    { server: 'https://127.0.0.1:1', from: 'Service kmc-c' },
    { from: 'Secret c-kubeconfig' },
  ]
  expect((await poolFor(server.url, { ways }).next())?.ready).toBe(true)
  const { next } = poolFor('https://127.0.0.1:2', { ways })
  expect(await next()).toEqual(silent('127.0.0.1:1 (Service kmc-c) or 127.0.0.1:2 (Secret c-kubeconfig)'))
})

/** Opens the cluster for one pass, once it is ready. */
async function workWith({ pool, next, user, reach }: ReturnType<typeof poolFor>) {
  await next()
  const opening = pool.open('ns/c', user, reach)
  if (opening.kind !== 'open') throw new TypeError(opening.kind)
  return opening
}

const thrown = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error)

test('an object that is too large is a refusal of that object, not of the cluster', slow, async () => {
  const server = await serverThat(asked => {
    if (!asked.path.startsWith('/api')) return healthy(asked)
    return asked.json(200, { metadata: { name: 'n', annotations: { a: 'x'.repeat(11 * 1_048_576) } } })
  })
  const { client, failed } = await workWith(poolFor(server.url))
  const error = await thrown(client.get(nodes, { name: 'n' }))
  expect(error).toMatchObject({ reason: 'TooLarge' })
  expect(failed(error)).toBeUndefined()
})

test(
  'work that trickles ends after five seconds, and the cluster is left alone for longer each time',
  slow,
  async () => {
    const begun: Asked[] = []
    const server = await serverThat(asked => {
      if (!asked.path.startsWith('/api')) return healthy(asked)
      asked.begin()
      void asked.write(' ')
      return begun.push(asked)
    })
    const asking = poolFor(server.url)
    const pauses: number[] = []
    for (let pass = 0; pass < 3; pass++) {
      const { client, failed } = await workWith(asking)
      const work = thrown(client.get(nodes, { name: 'n' }))
      await asking.clock.armed(isBudget)
      await expect.poll(() => begun).toHaveLength(pass + 1)
      await asking.clock.advance(5_000)
      expect(failed(await work)).toBe(saying(server, 'does not answer requests in time').message)
      expect((await asking.next())?.ready).toBe(false)
      const pauseMs = await asking.clock.armed(milliseconds => milliseconds < 5_000)
      pauses.push(pauseMs)
      await asking.clock.advance(pauseMs)
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000])
  },
)

test('nothing listens: asked again after a fifth of a second', slow, async () => {
  const { clock, next } = poolFor('https://127.0.0.1:1')
  expect(await next()).toEqual(silent('127.0.0.1:1 (Secret c-kubeconfig)'))
  expect(await clock.armed(milliseconds => milliseconds < 1_000)).toBe(200)
})

test.each([
  'https://127.0.0.1',
  'https://0x7f.1',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://169.254.169.254',
  'https://localhost',
])('%s is not asked, in the words of one where nobody is', slow, async server => {
  const listening = await serverThat(healthy)
  const { port } = new URL(listening.url)
  const transport = guardedTransport({ allowed: [], management: '10.96.0.1' })
  const { next } = poolFor(`${server}:${port}`, { transport })
  expect(await next()).toEqual(silent(`${new URL(`${server}:${port}`).host} (Secret c-kubeconfig)`))
  expect(listening.connections()).toBe(0)
})

test('neither is the management API server, by address or by a name for it', slow, async () => {
  const management = await serverThat(healthy)
  const { port } = new URL(management.url)
  const resolve = (name: string) => lookup(name === 'api.example' ? '127.0.0.1' : name, { all: true })
  for (const own of [host(management), `api.example:${port}`]) {
    const transport = guardedTransport({ ...loopback, management: own }, resolve)
    for (const server of [management.url, `https://api.example:${port}`]) {
      const { next } = poolFor(server, { transport })
      expect(await next()).toMatchObject({ ready: false, endpoint: 'silent' })
    }
  }
  expect(management.connections()).toBe(0)
})

test('a name is checked where it leads to at each connection', slow, async () => {
  const server = await serverThat(healthy)
  const { port } = new URL(server.url)
  const addresses = ['169.254.169.254', '127.0.0.1']
  const resolve = async () => [{ address: addresses.shift() ?? '127.0.0.1', family: 4 }]
  const transport = guardedTransport(loopback, resolve)
  const { clock, next } = poolFor(`https://kubernetes.test:${port}`, { transport })
  expect(await next()).toMatchObject({ ready: false })
  await clock.armed(milliseconds => milliseconds === 1_000)
  await clock.advance(1_000)
  expect(await next()).toMatchObject({ ready: true })
})

// Which requests are sent again — shell
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ArmedClock, armedClock } from '../testing/armed-clock.ts'
import { type TestCertificates, testCertificates } from '../testing/certificates.ts'
import { configMap, configMaps, status } from '../testing/kubernetes-answers.ts'
import { type Asked, type ScriptedServer, scriptedServer } from '../testing/scripted-server.ts'
import { createClient } from './client.ts'
import { type Transport, TransportTimeout } from './transport/transport.ts'
import { undiciTransport } from './transport/undici-transport.ts'
import type { Client } from './types.ts'

const key = { namespace: 'ns', name: 'a' }
const object = configMap('a', '7')

let certificates: TestCertificates
let server: ScriptedServer
let clock: ArmedClock
let client: Client

beforeAll(async () => {
  certificates = await testCertificates()
})
beforeEach(async () => {
  server = await scriptedServer(certificates)
  clock = armedClock()
  client = createClient(undiciTransport(server.connection()), { clock, random: () => 0.5 })
})
afterEach(async () => {
  await client.close()
  await server.close()
})

const busy = (asked: Asked, seconds: number): void =>
  asked.json(429, status(429, 'TooManyRequests', 'busy'), { 'retry-after': String(seconds) })

test('a write that was refused with 429 is sent again after the time the server asks for', async () => {
  const written = client.apply(configMaps, object, { fieldManager: 'me' })
  busy(await server.take(), 2)
  expect(await clock.armed()).toBe(2250) // and a jitter of up to a quarter
  await clock.advance(2250)
  const again = await server.take()
  again.json(200, object)
  expect(await written).toEqual(object)
  expect(again.body).toBe(JSON.stringify(object))
})

test('after three repeats the refusal is the answer', async () => {
  const written = client.create(configMaps, object)
  written.catch(() => undefined)
  for (let repeat = 0; repeat < 3; repeat++) {
    busy(await server.take(), 1)
    await clock.armed()
    await clock.advance(1250)
  }
  busy(await server.take(), 1)
  await expect(written).rejects.toMatchObject({ reason: 'TooManyRequests', retryAfterMs: 1000 })
  expect(server.requests).toHaveLength(4)
})

test('a wait that is too long is the business of the queue', async () => {
  const written = client.create(configMaps, object)
  busy(await server.take(), 60)
  await expect(written).rejects.toMatchObject({ reason: 'TooManyRequests', retryAfterMs: 60_000 })
})

test('a 429 that names no time (a disruption budget) is not repeated', async () => {
  const deleted = client.delete(configMaps, key)
  const asked = await server.take()
  asked.json(429, status(429, 'TooManyRequests'))
  await expect(deleted).rejects.toMatchObject({ reason: 'TooManyRequests' })
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['before the answer', (_asked: Asked) => undefined],
  ['in the middle of it', (asked: Asked) => asked.begin()],
])('a GET whose connection is reset %s is sent once more, over a new one', async (_when, begin) => {
  const read = client.get(configMaps, key)
  const asked = await server.take()
  begin(asked)
  server.resetConnections()
  const again = await server.take()
  again.json(200, object)
  expect(await read).toEqual(object)
  expect(server.connections()).toBe(2)
})

test('a GET is not repeated for ever', async () => {
  const read = client.get(configMaps, key)
  read.catch(() => undefined)
  await server.take()
  server.resetConnections()
  await server.take()
  server.resetConnections()
  await expect(read).rejects.toMatchObject({ reason: 'Unavailable' })
})

test.each([
  ['POST', () => client.create(configMaps, object)],
  ['PUT', () => client.replace(configMaps, object)],
  ['PATCH', () => client.apply(configMaps, object, { fieldManager: 'me' })],
  ['DELETE', () => client.delete(configMaps, key)],
])('a %s whose answer got lost is never sent again: it may have been done', async (method, write) => {
  const written = write()
  const asked = await server.take()
  server.resetConnections()
  await expect(written).rejects.toMatchObject({ reason: 'Unavailable', code: 0 })

  const after = client.get(configMaps, key)
  const next = await server.take()
  next.json(200, object)
  await after
  expect(asked.method).toBe(method)
  expect(server.requests).toEqual([`${method} ${asked.path}`, 'GET /api/v1/namespaces/ns/configmaps/a'])
})

test('a write on HTTP/1.1 whose answer got lost is not sent again either', async () => {
  const old = await scriptedServer(certificates, 'HTTP/1.1')
  const oldClient = createClient(undiciTransport(old.connection()))
  const written = oldClient.replace(configMaps, object)
  await old.take()
  old.resetConnections()
  await expect(written).rejects.toMatchObject({ reason: 'Unavailable' })

  const after = oldClient.get(configMaps, key)
  const next = await old.take()
  next.json(200, object)
  await after
  expect(old.requests.map(request => request.split(' ')[0])).toEqual(['PUT', 'GET'])
  await oldClient.close()
  await old.close()
})

test('a GET that the server did not answer in time is not repeated: the time is over', async () => {
  let sent = 0
  const late: Transport = {
    host: 'late',
    send: () => {
      sent++
      return Promise.reject(new TransportTimeout('late'))
    },
    close: async () => undefined,
  }
  await expect(createClient(late).get(configMaps, key)).rejects.toMatchObject({ reason: 'Timeout' })
  expect(sent).toBe(1)
})

const late: readonly [string, (asked: Asked) => Promise<void> | void][] = [
  ['does not begin', () => undefined],
  ['stops in the middle', asked => asked.begin()],
  ['goes on for ever', trickle],
]

/** Slowly: what comes in time has to be less than what is read of an answer at most. */
async function trickle(asked: Asked): Promise<void> {
  let open = true
  void asked.closed.then(() => {
    open = false
  })
  asked.begin()
  for (; open; await delay(1)) await asked.write(' ')
}

test.each(late)('an answer that %s is a Timeout in the end, and its stream is let go', async (_what, answer) => {
  const warm = client.probe('/version')
  ;(await server.take()).text(200, '{}')
  await warm
  const probed = expect(client.probe('/readyz', { timeoutMs: 500 })).rejects.toMatchObject({ reason: 'Timeout' })
  const asked = await server.take()
  await Promise.all([probed, asked.closed, answer(asked)])
})

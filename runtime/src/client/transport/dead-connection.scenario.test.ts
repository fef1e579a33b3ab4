// A connection whose other side is gone without a word — shell
import { expect, test } from 'vitest'
import { limits } from '../../limits.ts'
import { type ArmedClock, armedClock } from '../../testing/armed-clock.ts'
import { cableTo } from '../../testing/cable.ts'
import { testCertificates } from '../../testing/certificates.ts'
import { configMap, configMaps } from '../../testing/kubernetes-answers.ts'
import { scriptedServer } from '../../testing/scripted-server.ts'
import { createClient } from '../client.ts'
import { TransportTimeout } from './transport.ts'
import { undiciTransport } from './undici-transport.ts'

test('a request that times out on a dead connection has it replaced, so that the next one gets through', {
  timeout: 60_000,
}, async () => {
  const server = await scriptedServer(await testCertificates())
  server.always(asked => {
    asked.json(200, configMap('a', '1'))
    return true
  })
  const cable = await cableTo(server.url)
  const client = createClient(undiciTransport({ ...server.connection(), server: cable.url }))
  await client.probe('/readyz')

  cable.cut()
  await expect(client.probe('/readyz', { timeoutMs: 50 })).rejects.toMatchObject({ reason: 'Timeout' })
  expect(await client.get(configMaps, { namespace: 'ns', name: 'a' })).toBeDefined()

  expect(cable.connections()).toBe(2)
  await client.close()
  await cable.close()
  await server.close()
})

/** A watch over a cable, on a clock that stands still; resolves once its first event came. */
async function watchedOver(clock: ArmedClock) {
  const server = await scriptedServer(await testCertificates())
  const cable = await cableTo(server.url)
  const client = createClient(undiciTransport({ ...server.connection(), server: cable.url }, { clock }))
  const stop = new AbortController()
  const options = { resourceVersion: '1', signal: stop.signal }
  const events = client.watch(configMaps, options)[Symbol.asyncIterator]()
  const first = events.next()
  const asked = await server.take()
  asked.begin()
  await asked.line({ type: 'ADDED', object: configMap('a', '2') })
  await first
  const close = async (): Promise<void> => {
    stop.abort()
    await client.close()
    await cable.close()
    await server.close()
  }
  /** Lets the time between two pings pass. */
  const pass = async (): Promise<void> => {
    await clock.armed(milliseconds => milliseconds === limits.pingMilliseconds.value)
    await clock.advance(limits.pingMilliseconds.value)
  }
  return { asked, cable, client, events, server, stop, close, pass }
}

const pingsUntilDead = limits.deadMilliseconds.value / limits.pingMilliseconds.value

test('a watch on a dead connection is broken off when no ping is answered, and the next one goes through', async () => {
  const { cable, client, events, server, close, pass } = await watchedOver(armedClock())
  cable.cut()
  const broken = expect(events.next()).rejects.toMatchObject({
    reason: 'Unavailable',
    message: expect.stringContaining('timed out'),
  })
  for (let ping = 0; ping <= pingsUntilDead; ping++) await pass()
  await broken

  const read = client.probe('/readyz')
  ;(await server.take()).json(200, {})
  expect(await read).toMatchObject({ status: 200 })
  await close()
})

test('a connection on which anything comes is alive', async () => {
  const { asked, events, close, pass } = await watchedOver(armedClock())
  for (let ping = 0; ping < 4 * pingsUntilDead; ping++) {
    await pass()
    await asked.line({ type: 'MODIFIED', object: configMap('a', String(10 + ping)) })
    expect(await events.next()).toMatchObject({ value: { type: 'MODIFIED' } })
  }
  await close()
})

test('a watch that was silent for too long takes its connection with it', async () => {
  const { asked, client, events, server, stop, close } = await watchedOver(armedClock())
  const other = client.watch(configMaps, { resourceVersion: '1', signal: new AbortController().signal })
  const otherEvents = other[Symbol.asyncIterator]()
  const broken = expect(otherEvents.next()).rejects.toMatchObject({ reason: 'Unavailable' })
  const second = await server.take()
  second.begin()
  const ended = events.next()
  stop.abort(new TransportTimeout('silence'))
  expect(await ended).toMatchObject({ done: true })
  await broken
  await Promise.all([asked.closed, second.closed])
  await close()
})

test('after a silence nothing is asked over the same connections, and what is open on them goes on', async () => {
  const server = await scriptedServer(await testCertificates())
  const client = createClient(undiciTransport(server.connection()))
  const stop = new AbortController()
  const watch = () => {
    const events = client.watch(configMaps, { resourceVersion: '1', signal: stop.signal })[Symbol.asyncIterator]()
    return { event: events.next(), end: () => events.return?.(undefined) }
  }
  const open = watch()
  const first = await server.take()
  first.begin()
  await expect(client.probe('/readyz', { timeoutMs: 1_000 })).rejects.toMatchObject({ reason: 'Timeout' })
  await server.take()
  expect(server.connections()).toBe(2) // those for watches are apart

  const read = client.get(configMaps, { namespace: 'ns', name: 'a' })
  ;(await server.take()).json(200, configMap('a', '1'))
  expect(await read).toBeDefined()
  const next = watch()
  const second = await server.take()
  second.begin()
  expect(server.connections()).toBe(4)

  for (const asked of [first, second]) await asked.line({ type: 'ADDED', object: configMap('a', '2') })
  expect([await open.event, await next.event]).toMatchObject([
    { value: { type: 'ADDED' } },
    { value: { type: 'ADDED' } },
  ])
  stop.abort()
  await Promise.all([open.end(), next.end()])
  await client.close()
  await server.close()
})

test('what was closed opens no connection again', async () => {
  const server = await scriptedServer(await testCertificates())
  const client = createClient(undiciTransport(server.connection()))
  await client.close()
  await expect(client.get(configMaps, { namespace: 'ns', name: 'a' })).rejects.toMatchObject({ reason: 'Unavailable' })
  expect(server.connections()).toBe(0)
  await server.close()
})

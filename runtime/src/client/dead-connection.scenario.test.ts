// A connection whose other side is gone without a word — shell
import { expect, test } from 'vitest'
import { cableTo } from '../testing/cable.ts'
import { testCertificates } from '../testing/certificates.ts'
import { configMap, configMaps } from '../testing/kubernetes-answers.ts'
import { scriptedServer } from '../testing/scripted-server.ts'
import { createClient } from './client.ts'
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
  await expect(client.probe('/readyz', { timeoutMs: 50 })).rejects.toMatchObject({ reason: 'Timeout' })
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

// A connection whose other side is gone without a word — shell
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { testCertificates } from '../testing/certificates.ts'
import { configMap, configMaps } from '../testing/kubernetes-answers.ts'
import { scriptedServer } from '../testing/scripted-server.ts'
import { createClient } from './client.ts'
import { undiciTransport } from './undici-transport.ts'

interface Cable {
  readonly url: string
  readonly connections: () => number
  /** From now on nothing passes on the connections there are; nobody is told. */
  cut(): void
  close(): Promise<void>
}

async function cableTo(target: string): Promise<Cable> {
  const pairs: [Socket, Socket][] = []
  const server = createServer(near => {
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far)
    far.pipe(near)
    pairs.push([near, far])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => pairs.length,
    cut: () => {
      for (const socket of pairs.flat()) socket.unpipe().pause()
    },
    close: async () => {
      for (const socket of pairs.flat()) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

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

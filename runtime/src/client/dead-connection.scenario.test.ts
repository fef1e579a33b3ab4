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

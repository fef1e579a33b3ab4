// TLS streams that are closed, and answers that come a byte at a time — shell
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestCertificates, testCertificates } from '../../testing/certificates.ts'
import { manualClock } from '../../testing/clock.ts'
import { type ScriptedServer, scriptedServer } from '../../testing/scripted-server.ts'
import { budgetedTransport, busyTransport } from '../../workload/limited-transport.ts'
import { readText } from '../body/bodies.ts'
import { type Transport, TransportTimeout } from './transport.ts'
import { undiciTransport } from './undici-transport.ts'

/** For a machine that does other things beside; nothing here waits. */
const slow = { timeout: 60_000 }

const request = { method: 'GET', path: '/', headers: {}, timeoutMs: 60_000 } as const

let certificates: TestCertificates
let server: ScriptedServer
let transport: Transport

beforeAll(async () => {
  certificates = await testCertificates()
})

describe.each(['HTTP/2', 'HTTP/1.1'] as const)('over %s', slow, protocol => {
  beforeEach(async () => {
    server = await scriptedServer(certificates, protocol)
    transport = undiciTransport(server.connection())
  })
  afterEach(async () => {
    await transport.close()
    await server.close()
  })

  test.each([
    ['an answer', 60_000],
    ['a watch', 'unlimited'],
  ] as const)(
    'closed in the middle of %s: that fails, and the next request has a stream of its own',
    async (_what, timeoutMs) => {
      const begun = transport.send({ ...request, timeoutMs })
      const asked = await server.take()
      asked.begin()
      await asked.write('{"kind":')
      const body = readText((await begun).body)
      const failed = expect(body).rejects.toThrow()
      server.endConnections()
      await failed

      const next = transport.send(request)
      ;(await server.take()).text(200, 'ok')
      expect(await readText((await next).body)).toBe('ok')
      expect(server.connections()).toBe(2)
    },
  )

  test('closed before an answer: the request fails', async () => {
    const failed = expect(transport.send(request)).rejects.toThrow()
    await server.take()
    server.endConnections()
    await failed
  })

  test('a byte a second: no silence, so what ends it is the time that a workload cluster has for a pass', async () => {
    const clock = manualClock()
    const budgetMs = 5_000
    const budgeted = budgetedTransport(busyTransport(transport, budgetMs), { clock, budgetMs })
    const begun = budgeted.send(request)
    const asked = await server.take()
    asked.begin()
    const body = readText((await begun).body)
    const failed = expect(body).rejects.toThrow(TransportTimeout)
    for (let second = 0; second < 5; second++) {
      await asked.write(' ')
      await clock.advance(1_000)
    }
    await failed
    await asked.closed
  })
})

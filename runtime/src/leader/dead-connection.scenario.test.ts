// A lease whose connection is gone without a word — shell
import { expect, test } from 'vitest'
import { createClient } from '../client/client.ts'
import { undiciTransport } from '../client/transport/undici-transport.ts'
import { createLogger } from '../log/logger.ts'
import { armedClock } from '../testing/armed-clock.ts'
import { cableTo } from '../testing/cable.ts'
import { testCertificates } from '../testing/certificates.ts'
import { status } from '../testing/kubernetes-answers.ts'
import { type Asked, scriptedServer } from '../testing/scripted-server.ts'
import { createElection } from './election.ts'
import { type LeaseTiming, leaseTiming } from './lease.ts'

/** Grants what is asked, as the next version. */
function grant(asked: Asked, resourceVersion: string): void {
  const lease = JSON.parse(asked.body)
  asked.json(200, { ...lease, metadata: { ...lease.metadata, resourceVersion } })
}

test('it costs one attempt, not the lease: the next goes out over a new connection', async () => {
  const { renewDeadlineMs, retryMs }: LeaseTiming = leaseTiming
  const server = await scriptedServer(await testCertificates())
  const cable = await cableTo(server.url)
  const clock = armedClock()
  const election = createElection({
    connect: () =>
      createClient(undiciTransport({ ...server.connection(), server: cable.url }), { clock, random: () => 0 }),
    lease: { namespace: 'ns', name: 'lease' },
    identity: 'a',
    clock,
    random: () => 0,
    log: createLogger({ level: 'error' }),
  })
  const acquired = election.acquire(new AbortController().signal)
  ;(await server.take()).json(404, status(404, 'NotFound', 'not found', { name: 'lease' }))
  grant(await server.take(), '1')
  const leadership = await acquired
  let lost: string | undefined
  leadership?.lost.then(
    why => (lost = why),
    () => undefined,
  )

  await clock.armed(ms => ms === retryMs)
  cable.cut()
  await clock.advance(retryMs)
  await clock.armed(ms => ms === renewDeadlineMs / 2)
  await clock.advance(renewDeadlineMs / 2)
  const asked = await server.take()
  grant(asked, '2')
  await clock.armed(ms => ms === retryMs) // the one after is due: this one was a renewal
  expect([asked.method, cable.connections(), lost]).toEqual(['PUT', 2, undefined])

  await election.close()
  await cable.close()
  await server.close()
})

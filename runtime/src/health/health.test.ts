// What the kubelet and Prometheus get — shell
import { request } from 'node:https'
import { afterEach, expect, test } from 'vitest'
import type { TransportRequest } from '../client/transport/transport.ts'
import { createLogger } from '../log/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { manualClock } from '../testing/clock.ts'
import { type Fault, memoryApi } from '../testing/memory-api.ts'
import { createAuthorizer } from './authorize.ts'
import { createDiagnosticsEndpoint } from './diagnostics.ts'
import type { Endpoint } from './endpoint.ts'
import { createProbeEndpoint } from './probes.ts'

const loopback = { host: '127.0.0.1', port: 0 }
const opened: Endpoint[] = []
afterEach(async () => {
  for (const endpoint of opened.splice(0)) await endpoint.close()
})

async function started(endpoint: Endpoint): Promise<number> {
  opened.push(endpoint)
  return endpoint.start()
}

async function probesUnderTest(wrong?: string): Promise<(path: string, method?: string) => Promise<[number, string]>> {
  const checks = { ping: () => undefined, caches: () => wrong }
  const port = await started(createProbeEndpoint(loopback, { healthz: { ping: () => undefined }, readyz: checks }))
  return async (path, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    return [response.status, await response.text()]
  }
}

test.each<[string, string | undefined, number, string]>([
  ['/healthz', undefined, 200, 'ok'],
  ['/readyz', undefined, 200, 'ok'],
  ['/readyz/', undefined, 200, 'ok'],
  ['/readyz?verbose', undefined, 200, '[+]ping ok\n[+]caches ok\nreadyz check passed\n'],
  ['/readyz', 'lists are being read', 500, '[+]ping ok\n[-]caches failed: lists are being read\nreadyz check failed\n'],
  ['/healthz', 'lists are being read', 200, 'ok'],
  ['/readyz/ping', 'lists are being read', 200, 'ok'],
  ['/readyz/caches', 'lists are being read', 500, '[-]caches failed: lists are being read\nreadyz check failed\n'],
  ['/readyz/toString', undefined, 404, 'not found\n'],
  ['/metrics', undefined, 404, 'not found\n'],
  ['//', undefined, 404, 'not found\n'],
  ['/readyz?verbose=%%%', undefined, 200, '[+]ping ok\n[+]caches ok\nreadyz check passed\n'],
  ['/readyz/ping/more', undefined, 404, 'not found\n'],
])('%s while %j', async (path, wrong, status, body) => {
  const get = await probesUnderTest(wrong)
  expect(await get(path)).toEqual([status, body])
})

test('probes only answer', async () => {
  const get = await probesUnderTest()
  expect((await get('/healthz', 'POST'))[0]).toBe(405)
})

test('an address that is taken is an error', async () => {
  const probes = { healthz: {}, readyz: {} }
  const port = await started(createProbeEndpoint(loopback, probes))
  await expect(createProbeEndpoint({ ...loopback, port }, probes).start()).rejects.toThrow('EADDRINUSE')
})

test('closing what was never opened is nothing', async () => {
  await expect(createProbeEndpoint(loopback, { healthz: {}, readyz: {} }).close()).resolves.toBeUndefined()
})

interface Review {
  readonly spec: { readonly token?: string; readonly user?: string; readonly nonResourceAttributes?: object }
}

async function diagnosticsUnderTest(secure: boolean, fault?: (asked: TransportRequest) => Fault | undefined) {
  const clock = manualClock(new Date())
  const api = memoryApi(clock)
  api.reviews.set('/apis/authentication.k8s.io/v1/tokenreviews', review => {
    const { token = '' } = (review as unknown as Review).spec
    return { ...review, status: token.startsWith('good') ? { authenticated: true, user: { username: token } } : {} }
  })
  api.reviews.set('/apis/authorization.k8s.io/v1/subjectaccessreviews', review => {
    const { user, nonResourceAttributes } = (review as unknown as Review).spec
    expect(nonResourceAttributes).toEqual({ path: '/metrics', verb: 'get' })
    return { ...review, status: { allowed: user === 'good-scraper' } }
  })
  const authorize = createAuthorizer(api.connect(fault), clock)
  const lines: string[] = []
  const log = createLogger({ level: 'error', output: { write: line => void lines.push(line) } })
  const time = { isBroken: false }
  const endpoint = createDiagnosticsEndpoint({
    address: loopback,
    metrics: createMetrics(),
    clock: { ...clock, now: () => (time.isBroken ? new Date(Number.NaN) : clock.now()) },
    log,
    ...(secure && { authorize }),
  })
  return { api, clock, endpoint, time, lines, port: await started(endpoint) }
}

const ask = (port: number, path: string, token?: string): Promise<{ status: number; body: string; serial: string }> =>
  new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    // The certificate is made by the process itself: there is nothing to check it against.
    const asked = request(
      { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false },
      response => {
        const socket = response.socket as unknown as { getPeerCertificate(): { serialNumber: string } }
        const serial = socket.getPeerCertificate().serialNumber
        const chunks: string[] = []
        response.setEncoding('utf8').on('data', chunk => void chunks.push(String(chunk)))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: chunks.join(''), serial }))
      },
    )
    asked.on('error', reject).end()
  })

test('without protection, metrics are plain HTTP', async () => {
  const { port } = await diagnosticsUnderTest(false)
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  expect(await response.text()).toContain('process_resident_memory_bytes')
  expect((await fetch(`http://127.0.0.1:${port}/debug`)).status).toBe(404)
})

test.each<[string, string | undefined, number]>([
  ['without a token', undefined, 401],
  ['with a token that nobody knows', 'bad', 401],
  ['with a token that may not', 'good-stranger', 403],
  ['with a token that may', 'good-scraper', 200],
])('%s the answer is as it should be', async (_, token, status) => {
  const { port } = await diagnosticsUnderTest(true)
  expect((await ask(port, '/metrics', token)).status).toBe(status)
})

test('a permission is asked once a minute, a refusal every ten seconds', async () => {
  const { api, clock, port } = await diagnosticsUnderTest(true)
  for (let i = 0; i < 3; i++) await ask(port, '/metrics', 'good-scraper')
  expect(api.requests).toHaveLength(2)
  await clock.advance(60_000)
  await ask(port, '/metrics', 'good-scraper')
  expect(api.requests).toHaveLength(4)

  for (let i = 0; i < 3; i++) await ask(port, '/metrics', 'bad')
  expect(api.requests).toHaveLength(5)
  await clock.advance(10_000)
  await ask(port, '/metrics', 'bad')
  expect(api.requests).toHaveLength(6)
})

test('when the API server cannot be asked, nobody reads, and the next one may', async () => {
  let broken = true
  const { port } = await diagnosticsUnderTest(true, () => (broken ? 'refused' : undefined))
  expect((await ask(port, '/metrics', 'good-scraper')).status).toBe(500)
  broken = false
  expect((await ask(port, '/metrics', 'good-scraper')).status).toBe(200)
})

test('the certificate is replaced before it ends, on the open port', async () => {
  const { clock, endpoint, port } = await diagnosticsUnderTest(true)
  const { serial } = await ask(port, '/metrics')
  await clock.advance(250 * 86_400_000)
  while (clock.timers() === 0) await clock.settle() // the next renewal is armed when this one is done
  expect((await ask(port, '/metrics')).serial).not.toBe(serial)
  await endpoint.close()
  expect(clock.timers()).toBe(0)
})

test('a renewal that fails is said and tried again', async () => {
  const { clock, port, time, lines } = await diagnosticsUnderTest(true)
  const { serial } = await ask(port, '/metrics')
  time.isBroken = true
  await clock.advance(250 * 86_400_000)
  while (clock.timers() === 0) await clock.settle()
  expect(lines.join()).toContain('Certificate of the diagnostics address not renewed, trying again')
  expect((await ask(port, '/metrics')).serial).toBe(serial)

  time.isBroken = false
  await clock.advance(60_000)
  while (clock.timers() === 0) await clock.settle()
  expect((await ask(port, '/metrics')).serial).not.toBe(serial)
})

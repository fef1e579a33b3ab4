// The server of webhooks, asked by clients of every kind — shell
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { type Issued, issueCertificateAuthority, issueLeaf } from '../pki/issue.ts'
import { systemClock } from '../system-clock.ts'
import { recordedLog } from '../testing/recorded-log.ts'
import { ReviewError } from './review/review-error.ts'
import { createWebhookServer, type WebhookServer } from './server.ts'
import type { Reviewer } from './types.ts'

const opened: WebhookServer[] = []
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close()
})

const made = { validityMs: 3_600_000, now: new Date() }

async function certificateOf(issuer: Issued): Promise<Issued> {
  return issueLeaf({ ...made, subject: {}, sans: ['localhost'], usages: ['serverAuth'], issuer })
}

const reviewers: Record<string, Reviewer> = {
  '/echo': { answer: review => ({ review }) },
  '/strict': {
    answer: () => {
      throw new ReviewError('a Thing is expected')
    },
  },
  '/broken': {
    answer: () => {
      throw new TypeError('x is undefined')
    },
  },
}

async function serving(more: Record<string, Reviewer> = {}, clock: Clock = systemClock) {
  const [metrics, log] = [createMetrics(), recordedLog()]
  const address = { host: '127.0.0.1', port: 0 }
  const server = createWebhookServer({
    address,
    reviewers: { ...reviewers, ...more },
    clock,
    log,
    metrics,
  })
  opened.push(server)
  const port = await server.start()
  const issuer = await issueCertificateAuthority({ ...made, commonName: 'ca' })
  server.serveWith(await certificateOf(issuer))
  return { server, port, metrics, log, ca: issuer.certificate }
}

interface Asking {
  readonly port: number
  readonly ca: string
  readonly method?: string
  readonly body?: string
  readonly agent?: Agent
}

function ask(path: string, { port, ca, method = 'POST', body = '{}', agent }: Asking): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: 'localhost', port, path, method, ca, agent: agent ?? false, family: 4 })
    asked.on('error', reject)
    asked.on('response', response => {
      const texts = response.toArray()
      texts.then(chunks => resolve([Number(response.statusCode), chunks.join('')]), reject)
    })
    asked.end(body)
  })
}

describe('an answer', () => {
  it.each<[string, Partial<Asking>, [number, string]]>([
    ['/echo', { body: '{"a":1}' }, [200, '{"review":{"a":1}}']],
    ['/echo', { body: 'no JSON' }, [400, 'not JSON\n']],
    ['/echo', { body: '' }, [400, 'not JSON\n']],
    ['/echo', { body: '['.repeat(1_000) }, [413, 'more than 500 values within values\n']],
    ['/echo', { body: `[${'1,'.repeat(400_001)}1]` }, [413, 'more than 400000 values\n']],
    ['/echo', { method: 'GET', body: '' }, [405, 'method not allowed\n']],
    ['/strict', {}, [400, 'a Thing is expected\n']],
    ['/broken', {}, [500, 'see the log\n']],
    ['/other', {}, [404, 'not found\n']],
    ['/toString', {}, [404, 'not found\n']],
    ['//', {}, [404, 'not found\n']],
  ])('of %s to %j', async (path, asking, expected) => {
    const { port, ca } = await serving()
    expect(await ask(path, { port, ca, ...asking })).toEqual(expected)
  })

  it('to what is too large comes before all of it was sent', async () => {
    const { port, ca } = await serving()
    const body = JSON.stringify('x'.repeat(limits.webhookBytes.value))
    const [status] = await ask('/echo', { port, ca, body }).catch((error: NodeJS.ErrnoException) => [error.code])
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(status)
    expect(await ask('/echo', { port, ca })).toEqual([200, '{"review":{}}'])
  })

  it('is counted and timed under the names of controller-runtime', async () => {
    const { port, ca, metrics, log } = await serving()
    await ask('/echo', { port, ca })
    await ask('/broken', { port, ca })
    await ask('/other', { port, ca })
    const text = await metrics.registry.metrics()
    expect(text).toContain('controller_runtime_webhook_requests_total{webhook="/echo",code="200"} 1')
    expect(text).toContain('controller_runtime_webhook_requests_total{webhook="/broken",code="500"} 1')
    expect(text).toContain('controller_runtime_webhook_latency_seconds_count{webhook="/echo"} 1')
    expect(text).toContain('controller_runtime_webhook_requests_in_flight{webhook="/echo"} 0')
    expect(text).not.toContain('/other')
    expect(log.errors).toMatchObject([{ message: 'Review not answered', fields: { webhook: '/broken' } }])
  })

  it('to what is no review takes one line of the log, without a stack, and not more than some in a minute', async () => {
    const { port, ca, log } = await serving()
    for (let nth = 0; nth < limits.errorLines.value + 5; nth++) await ask('/strict', { port, ca })
    const line = { message: 'Review refused', fields: { why: 'a Thing is expected', webhook: '/strict' } }
    expect(log.errors).toEqual(Array(limits.errorLines.value).fill(line))
  })
})

describe('a certificate', () => {
  it('is needed before anybody is answered', async () => {
    const metrics = createMetrics()
    const server = createWebhookServer({
      address: { host: '127.0.0.1', port: 0 },
      reviewers,
      clock: systemClock,
      log: recordedLog(),
      metrics,
    })
    opened.push(server)
    const port = await server.start()
    await expect(ask('/echo', { port, ca: '' })).rejects.toThrow(/handshake|SSL|alert/i)
  })

  it('is replaced for new connections, while those that are open go on', async () => {
    const { server, port, ca } = await serving()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect(await ask('/echo', { port, ca, agent })).toEqual([200, '{"review":{}}'])

    const next = await issueCertificateAuthority({ ...made, commonName: 'next' })
    server.serveWith(await certificateOf(next))
    expect(await ask('/echo', { port, ca, agent })).toEqual([200, '{"review":{}}'])
    expect(await ask('/echo', { port, ca: next.certificate })).toEqual([200, '{"review":{}}'])
    await expect(ask('/echo', { port, ca })).rejects.toThrow('unable to verify')
    agent.destroy()
  })

  it('is not served over TLS 1.1', async () => {
    const { port, ca } = await serving()
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca,
      servername: 'localhost',
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    })
    const [error] = await once(socket, 'error')
    expect(String(error)).toMatch(/version|no protocols/i)
  })
})

it('what is under way when it closes is answered', async () => {
  const closing: Promise<void>[] = []
  const { server, port, ca } = await serving({
    '/closing': {
      answer: () => {
        closing.push(server.close())
        return { answered: true }
      },
    },
  })
  expect(await ask('/closing', { port, ca })).toEqual([200, '{"answered":true}'])
  await Promise.all(closing)
  await expect(ask('/echo', { port, ca })).rejects.toThrow('ECONNREFUSED')
})

describe('who only takes up room', () => {
  /** Its answer has begun, and is not fetched. */
  const notFetching = ({ port, ca, body }: Asking): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: 'localhost', port, path: '/echo', method: 'POST', ca, agent: false, family: 4 })
      asked.on('error', reject)
      asked.on('response', response => resolve(response.pause()))
      asked.end(body)
    })

  const isWhole = (response: IncomingMessage): Promise<boolean> =>
    response.toArray().then(
      () => true,
      () => false,
    )

  const body = JSON.stringify('x'.repeat(11_000_000))
  const tooMuch = [413, 'EPIPE', 'ECONNRESET']
  const statusOf = async (asking: Asking): Promise<unknown> =>
    (await ask('/echo', asking).catch((error: NodeJS.ErrnoException) => [error.code]))[0]
  let now = 0
  const clock: Clock = { ...systemClock, elapsed: () => now }

  it('by answers that it does not fetch, gets so many and no more, and loses the first when others come later', async () => {
    const { port, ca } = await serving({}, clock)
    const slow = [await notFetching({ port, ca, body }), await notFetching({ port, ca, body })]
    expect(slow.map(({ statusCode }) => statusCode)).toEqual([200, 200])
    expect(tooMuch).toContain(await statusOf({ port, ca, body }))
    expect(await ask('/echo', { port, ca })).toEqual([200, '{"review":{}}'])

    now += limits.webhookPatienceMilliseconds.value
    expect(await statusOf({ port, ca, body })).toBe(200)
    expect(await Promise.all(slow.map(isWhole))).toEqual([false, true])
    await expect.poll(() => statusOf({ port, ca, body })).toBe(200)
  })

  const few = 5
  const { value } = limits.webhookConnections
  beforeEach(() => void Object.assign(limits.webhookConnections, { value: few }))
  afterEach(() => void Object.assign(limits.webhookConnections, { value }))

  it('by connections that it leaves open, loses them when somebody else comes', async () => {
    const { port, ca } = await serving()
    const agents = Array.from({ length: few }, () => new Agent({ keepAlive: true }))
    for (const agent of agents) expect(await ask('/echo', { port, ca, agent })).toEqual([200, '{"review":{}}'])
    await expect.poll(() => ask('/echo', { port, ca }).catch(() => undefined)).toEqual([200, '{"review":{}}'])
    for (const agent of agents) agent.destroy()
  })

  it('by connections that say nothing, is cut off', async () => {
    const { port, ca } = await serving()
    const silent = Array.from({ length: few }, () => connectPlain({ host: '127.0.0.1', port }))
    for (const socket of silent)
      await once(
        socket.on('error', () => undefined),
        'connect',
      )
    const answered = () => ask('/echo', { port, ca }).catch(() => undefined)
    await expect.poll(answered).toEqual([200, '{"review":{}}'])
    for (const socket of silent) socket.destroy()
  })
})

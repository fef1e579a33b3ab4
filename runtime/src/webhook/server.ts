// Answers reviews over TLS; needs neither the lease nor lists — shell
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { smallBytes } from '../client/body/bounded-buffer.ts'
import { AnswerError } from '../client/body/json.ts'
import type { Clock } from '../clock.ts'
import type { BindAddress } from '../health/bind-address.ts'
import { type Endpoint, listen, targetOf } from '../health/endpoint.ts'
import { limits } from '../limits.ts'
import { sparingLog } from '../log/sparing-log.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Issued } from '../pki/issue.ts'
import { within } from '../wait.ts'
import { readBody } from './body.ts'
import { answerTo } from './review/answer.ts'
import { ReviewError } from './review/review-error.ts'
import { type Share, SharedRoom } from './room.ts'
import type { Reviewer } from './types.ts'

export interface WebhookServerOptions {
  readonly address: BindAddress
  /** By path. */
  readonly reviewers: Readonly<Record<string, Reviewer>>
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Pick<Metrics, 'webhook'>
}

export interface WebhookServer extends Endpoint {
  /** From the next handshake on; connections that are open stay. */
  serveWith(certificate: Issued): void
}

/**
 * kube-apiserver keeps idle connections for 90 s: closing them first would make a request meet a closed door. `timeout`:
 * who neither sends nor fetches anything. They are looked at every second.
 */
const connectionLimits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  timeout: 10_000,
  keepAliveTimeout: 120_000,
  connectionsCheckingInterval: 1_000,
} as const

const tls = { minVersion: 'TLSv1.2' } as const

/** Before it has a certificate it listens, and no handshake succeeds. */
export function createWebhookServer(options: WebhookServerOptions): WebhookServer {
  const log = sparingLog(options.log, options.clock)
  const answering = { ...options, log, room: roomFor(options.clock) }
  const { timeout, ...others } = connectionLimits
  const server = createServer({ ...others, ...tls, handshakeTimeout: timeout }, (request, response) => {
    void serve(answering, request, response)
  })
  server.timeout = timeout
  server.maxConnections = limits.webhookConnections.value
  // whoever reaches the port could keep kube-apiserver out by connections that it does nothing with
  server.on('drop', () => server.closeIdleConnections())
  return {
    start: () => listen(server, options.address),
    serveWith: ({ certificate, privateKey }) => {
      server.setSecureContext({ ...tls, cert: certificate, key: privateKey.reveal() })
    },
    close: () => close(server, options.clock),
  }
}

function roomFor({ elapsed }: Clock): SharedRoom {
  const { webhookUnfinishedBytes, webhookPatienceMilliseconds } = limits
  return new SharedRoom({ bytes: webhookUnfinishedBytes.value, patienceMs: webhookPatienceMilliseconds.value, elapsed })
}

const lastAnswersMs = 2_000

/** What is being answered is answered; who is slow to ask is not waited for. */
async function close(server: Server, clock: Clock): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>(resolve => {
    server.close(() => resolve())
  })
  await within(clock, lastAnswersMs, { promise: closed, late: undefined })
  server.closeAllConnections()
  await closed
}

/** As web servers count requests that nobody waits for any more. */
const clientGone = 499

interface Answering extends WebhookServerOptions {
  readonly room: SharedRoom
}

async function serve(answering: Answering, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { reviewers, metrics } = answering
  const { path } = targetOf(request)
  const reviewer = Object.hasOwn(reviewers, path) ? reviewers[path] : undefined
  if (!reviewer || request.method !== 'POST') {
    refuse(response, reviewer ? 405 : 404, reviewer ? 'method not allowed' : 'not found')
    return
  }
  const answered = metrics.webhook.begin(path)
  try {
    const share = answering.room.enter(() => response.destroy())
    const review = await readBody(request, share)
    send(response, answerTo(review, reviewer, randomUUID()), share)
  } catch (error) {
    fail(answering, { path, request, response }, error)
  } finally {
    answered(response.headersSent ? response.statusCode : clientGone)
  }
}

/** Until it is fetched it takes its room, as a review does until it has come. */
function send(response: ServerResponse, body: Buffer, share: Share): void {
  if (response.destroyed) return
  const taken = body.length > smallBytes ? body.length : 0
  if (!share.take(taken)) throw new AnswerError('large', 'too much at once')
  response.once('close', () => share.giveBack(taken))
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}

interface Exchange {
  readonly path: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** The failure policy decides what becomes of the request then. */
function fail({ log }: Answering, { path, request, response }: Exchange, error: unknown): void {
  const said = saidOf(error)
  if (!said && !request.complete) {
    response.destroy() // whoever asked is gone
    return
  }
  if (said) log.error({ why: said.text, webhook: path }, 'Review refused')
  else log.error({ error, webhook: path }, 'Review not answered')
  const { status, text } = said ?? { status: 500, text: 'see the log' }
  refuse(response, status, text)
}

/** What is wrong with what was sent. */
function saidOf(error: unknown): { readonly status: number; readonly text: string } | undefined {
  if (error instanceof AnswerError) return { status: error.problem === 'large' ? 413 : 400, text: error.message }
  return error instanceof ReviewError ? { status: 400, text: error.message } : undefined
}

/** The rest of what is being sent is not read. */
function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(`${text}\n`)
}

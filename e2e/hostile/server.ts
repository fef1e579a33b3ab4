// The API server of a workload cluster whose owner means harm — shell
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, createServer as createListener, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { issueCertificateAuthority, issueLeaf } from '@k0smotron-ts/runtime/shell'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: string
  readonly response: ServerResponse
  readonly socket: TLSSocket
}

export interface HostileServer extends AsyncDisposable {
  readonly port: number
  /** What the owner of the cluster puts into `<cluster>-ca`. */
  readonly authority: { readonly 'tls.crt': string; readonly 'tls.key': string }
  /** All requests so far, as `AGENT METHOD path`. */
  readonly requests: readonly string[]
  /** The most that were under way at a time. */
  readonly maxAtOnce: number
  /** Resolves when so many requests of that form have come. */
  untilAsked(form: RegExp, times?: number): Promise<void>
}

export interface Serving {
  readonly answer: (asked: Asked) => void
  /** How many connections; all unless given. Over a later one nothing is ever said. */
  readonly served?: number | undefined
}

/** Listens at the address; who knows the cluster's authority trusts it. */
export async function hostileServer(address: string, { answer, served }: Serving): Promise<HostileServer> {
  const { cert, key, authority } = await certificatesFor(address)
  const tls = createServer({ cert, key })
  tls.on('secureConnection', letGo)
  const seen = seenBy(tls, answer)
  const sockets = new Set<Socket>()
  let taken = 0
  const server = createListener(socket => {
    sockets.add(letGo(socket))
    socket.once('close', () => sockets.delete(socket))
    taken += 1
    if (taken <= (served ?? taken)) tls.emit('connection', socket)
    else seen.see('nobody CONNECT /')
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    authority,
    requests: seen.requests,
    get maxAtOnce() {
      return seen.maxAtOnce
    },
    async untilAsked(form, times = 1) {
      while (seen.requests.filter(one => form.test(one)).length < times) await seen.news.promise
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Who was attacked breaks off as he likes. */
function letGo<S extends Socket>(socket: S): S {
  return socket.on('error', () => undefined)
}

/** What came, so far; `news` is new after each request. */
function seenBy(server: Server, answer: (asked: Asked) => void) {
  const seen = {
    requests: [] as string[],
    maxAtOnce: 0,
    news: Promise.withResolvers<void>(),
    see: (request: string): void => {
      seen.requests.push(request)
      seen.news.resolve()
      seen.news = Promise.withResolvers()
    },
  }
  let underWay = 0
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    underWay += 1
    seen.maxAtOnce = Math.max(seen.maxAtOnce, underWay)
    response.once('close', () => {
      underWay -= 1
    })
    response.on('error', () => undefined)
    const receive = (body: string): void => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'https://server')
      const { method = '', headers, socket } = request
      seen.see(`${headers['user-agent']?.split('/')[0]} ${method} ${path}`)
      answer({ method, path, query, body, response, socket: socket as TLSSocket })
    }
    textOf(request).then(receive, () => undefined)
  })
  return seen
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const validityMs = 3_600_000

async function certificatesFor(address: string) {
  const now = new Date()
  const issuer = await issueCertificateAuthority({ commonName: 'hostile', validityMs, now })
  const subject = { commonName: 'kubernetes' }
  const leaf = await issueLeaf({ subject, sans: [address], usages: ['serverAuth'], validityMs, now, issuer })
  return {
    authority: { 'tls.crt': issuer.certificate, 'tls.key': issuer.privateKey.reveal() },
    cert: leaf.certificate,
    key: leaf.privateKey.reveal(),
  }
}

// The API server of a workload cluster whose owner means harm — shell
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
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
  readonly mostAtOnce: number
  /** Resolves when so many requests of that form have come. */
  untilAsked(form: RegExp, times?: number): Promise<void>
}

/** Listens at the address; who knows the cluster's authority trusts it. */
export async function hostileServer(address: string, answer: (asked: Asked) => void): Promise<HostileServer> {
  const certificates = await certificatesFor(address)
  const requests: string[] = []
  const sockets = new Set<TLSSocket>()
  let news = Promise.withResolvers<void>()
  let underWay = 0
  let mostAtOnce = 0

  const server = createServer({ cert: certificates.cert, key: certificates.key })
  server.on('secureConnection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined) // who was attacked lets go as it likes
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    underWay += 1
    mostAtOnce = Math.max(mostAtOnce, underWay)
    response.once('close', () => {
      underWay -= 1
    })
    response.on('error', () => undefined)
    const { pathname, searchParams } = new URL(request.url ?? '/', 'https://server')
    const { 'user-agent': agent = '' } = request.headers
    const receive = (body: string): void => {
      const { method = '' } = request
      requests.push(`${agent.split('/')[0]} ${method} ${pathname}`)
      news.resolve()
      news = Promise.withResolvers()
      answer({ method, path: pathname, query: searchParams, body, response, socket: request.socket as TLSSocket })
    }
    textOf(request).then(receive, () => undefined)
  })
  server.listen(0, address)
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    authority: certificates.authority,
    requests,
    get mostAtOnce() {
      return mostAtOnce
    },
    async untilAsked(form, times = 1) {
      while (requests.filter(one => form.test(one)).length < times) await news.promise
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
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

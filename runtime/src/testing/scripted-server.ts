// An HTTPS server whose every answer a test gives, request by request — shell
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type ServerHttp2Stream } from 'node:http2'
import { createServer, type Server, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type ConnectionConfig, type Credentials, fixedCredentials } from '../client/transport/connection.ts'
import type { TestCertificates } from './certificates.ts'

/** A request that has come in whole and waits for the test to answer it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Common name of the client's certificate. */
  readonly client: string | undefined
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void
  text(status: number, body: string): void
  /** Begins a watch, or any body that goes on; 200 unless another status is given. */
  begin(status?: number): void
  /** Bytes as they are, then waits until they were handed to the network. */
  write(bytes: string | Uint8Array): Promise<void>
  /** One line of a watch. */
  line(event: unknown): Promise<void>
  end(): void
  /** 102: an answer will come. Over HTTP/1.1 only. */
  hint(): void
  /** Ends this one stream as broken. */
  break(): void
  /** Resolves when the client has let go of it. */
  readonly closed: Promise<void>
}

export interface ScriptedServer {
  readonly url: string
  /** The next request in order of arrival. */
  take(): Promise<Asked>
  /** Answers every further request by itself; `take` then gives only what `answer` left. */
  always(answer: (asked: Asked) => boolean): void
  /** TLS handshakes so far. */
  connections(): number
  /** What was agreed on in each handshake. */
  protocols(): readonly string[]
  /** All requests so far, as `METHOD path`. */
  readonly requests: readonly string[]
  /** TCP RST on every connection. */
  resetConnections(): void
  /** Ends every TLS stream in good order, whatever is under way on it. */
  endConnections(): void
  connection(credentials?: Credentials): ConnectionConfig
  close(): Promise<void>
}

/** Speaks HTTP/2 as kube-apiserver does, or HTTP/1.1 as some proxies in front of one. */
export async function scriptedServer(
  certificates: TestCertificates,
  protocol: 'HTTP/2' | 'HTTP/1.1' = 'HTTP/2',
): Promise<ScriptedServer> {
  const arrived: Asked[] = []
  const takers: ((asked: Asked) => void)[] = []
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let answer: (asked: Asked) => boolean = () => false
  const protocols: string[] = []

  const tls: ServerOptions = {
    ...certificates.server,
    ca: certificates.ca,
    requestCert: true,
    rejectUnauthorized: false,
    // servers in Go break the handshake off
    SNICallback: (name, done) => done(name.endsWith('.') ? new Error('a name with the dot of the root') : null),
  }
  // Requests and answers of HTTP/2 have the shape of those of HTTP/1.1, and a stream beneath.
  const server =
    protocol === 'HTTP/2' ? (createSecureServer({ ...tls, allowHTTP1: true }) as unknown as Server) : createServer(tls)
  const streams = new Set<TLSSocket>()
  server.on('secureConnection', (stream: TLSSocket) => {
    protocols.push(stream.alpnProtocol || 'http/1.1')
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => undefined) // resets are part of the script
  })
  server.on('sessionError', () => undefined)
  server.on('request', (request, response: StreamedResponse) => {
    readBody(request).then(
      body => receive(asked(request, response, body)),
      () => undefined, // broken off before it was whole
    )
  })

  function receive(request: Asked): void {
    requests.push(`${request.method} ${request.path}`)
    if (answer(request)) return
    const taker = takers.shift()
    if (taker) taker(request)
    else arrived.push(request)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    requests,
    take: () => {
      const first = arrived.shift()
      return first ? Promise.resolve(first) : new Promise(resolve => takers.push(resolve))
    },
    always: given => {
      answer = given
    },
    connections: () => protocols.length,
    protocols: () => protocols,
    resetConnections: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    endConnections: () => {
      for (const stream of streams) stream.end()
    },
    connection: (credentials = fixedCredentials({})) => ({
      server: url,
      ca: certificates.ca,
      credentials,
      userAgent: 'test/1',
    }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type StreamedResponse = ServerResponse & { readonly stream?: ServerHttp2Stream }

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function asked(request: IncomingMessage, response: StreamedResponse, body: string): Asked {
  const url = new URL(request.url ?? '/', 'https://server')
  const { subject } = (request.socket as TLSSocket).getPeerCertificate()
  const closed = new Promise<void>(resolve => void response.once('close', () => resolve()))
  response.on('error', () => undefined)
  response.stream?.on('error', () => undefined)
  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise(resolve => void response.write(Buffer.from(bytes), () => resolve()))
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    client: subject?.CN?.toString(),
    closed,
    json: (status, answer, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(answer))
    },
    text: (status, answer) => {
      response.writeHead(status, { 'content-type': 'text/plain' })
      response.end(answer)
    },
    begin: (begun = 200) => {
      response.writeHead(begun, { 'content-type': 'application/json' })
      response.flushHeaders()
    },
    write,
    line: event => write(`${JSON.stringify(event)}\n`),
    end: () => void response.end(),
    hint: () => response.writeProcessing(),
    // Not `stream.close`: that ends the body in good order first.
    break: () => void (response.stream ? response.stream.destroy(new Error('broken')) : response.destroy()),
  }
}

// A server that a manager starts and closes — shell
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { BindAddress } from './bind-address.ts'

export interface Endpoint {
  /** Resolves with the port when it listens; rejects when the address cannot be had. */
  start(): Promise<number>
  /** Breaks off what is under way. */
  close(): Promise<void>
}

/** A client that is slow to ask must not hold a connection for long. */
export const requestLimits = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 } as const

export async function listen(server: Server, { host, port }: BindAddress): Promise<number> {
  server.listen({ port, ...(host !== undefined && { host }) })
  await once(server, 'listening') // rejects on 'error'
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** The request target as it came: a URL parser throws at `//`, and a throw in a request listener ends the process. */
export function targetOf({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  return { path, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark)) }
}

export async function close(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

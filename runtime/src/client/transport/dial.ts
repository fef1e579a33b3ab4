// How a connection to an API server is opened: perhaps through a proxy, and never for longer than it lives — shell
import type { LookupFunction, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import type { Clock } from '../../clock.ts'
import { limits } from '../../limits.ts'
import { type Environment, proxyFor } from './proxy.ts'
import { tunnel } from './tunnel.ts'

/** Towards a server that is not trusted. */
export interface Trust {
  /** Never HTTP/2, whatever the server offers. */
  readonly onlyHttp1?: boolean
  /** Resolves host names; what it refuses is not connected to. */
  readonly lookup?: LookupFunction
  /** How long a connection may take to be opened, if less than usual. */
  readonly connectMs?: number
}

export interface DialDeps extends Trust {
  readonly clock: Clock
  readonly env: Environment
}

/** HTTP/2 where the server has it, unless that is not wanted. */
export function dialer(
  tls: buildConnector.BuildOptions,
  { clock, env, onlyHttp1 = false, lookup, connectMs: timeout = limits.connectMilliseconds.value }: DialDeps,
): buildConnector.connector {
  const direct = buildConnector({ ...tls, ...(lookup ? { lookup } : {}), allowH2: !onlyHttp1, timeout })
  const connect = (options: buildConnector.Options, done: buildConnector.Callback): void =>
    direct(options, (...[error, socket]) => {
      if (error) return done(error, null)
      if (isHttp2(socket)) closeWhenDead(socket, clock)
      done(null, socket)
    })
  return (options, done) => {
    const { protocol, hostname, port } = options
    try {
      const target = { protocol, hostname, port: port || (protocol === 'https:' ? '443' : '80') }
      const proxy = proxyFor(target, env)
      if (!proxy) return connect(options, done)
      const open = (): Promise<Socket> => tunnel(proxy, target, timeout)
      const opened = lookup ? allowed(hostname, lookup).then(open) : open()
      opened.then(
        httpSocket => connect({ ...options, httpSocket }, done),
        (error: Error) => done(error, null),
      )
    } catch (error) {
      done(error as Error, null)
    }
  }
}

/** Behind a proxy a name may mean nothing here; where it means something, it must be an address that may be asked. */
function allowed(hostname: string, lookup: LookupFunction): Promise<void> {
  const unknown = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT', 'ECONNREFUSED']
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, error => (error && !unknown.includes(error.code ?? '') ? reject(error) : resolve()))
  })
}

const isHttp2 = (socket: object): socket is TLSSocket => 'alpnProtocol' in socket && socket.alpnProtocol === 'h2'

/**
 * undici sends a ping now and then and waits for no answer. Each answer is bytes: where none came for three pings, nobody
 * is there any more, and what waits for this connection is told at once.
 */
function closeWhenDead(socket: TLSSocket, clock: Clock): void {
  const stepMs = limits.pingMilliseconds.value
  let seen = socket.bytesRead
  let silentMs = 0
  let cancel: () => void = () => undefined
  const look = (): void => {
    silentMs = socket.bytesRead === seen ? silentMs + stepMs : 0
    seen = socket.bytesRead
    if (silentMs < limits.deadMilliseconds.value) cancel = clock.after(stepMs, look)
    else socket.destroy(Object.assign(new Error('no answer to three pings'), { code: 'ETIMEDOUT' }))
  }
  cancel = clock.after(stepMs, look)
  socket.once('close', () => cancel())
}

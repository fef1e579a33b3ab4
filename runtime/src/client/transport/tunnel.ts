// A connection through a proxy — shell
import { request as requestHttps } from 'node:https'
import { isIPv6, type Socket } from 'node:net'
import { request as requestHttp } from '../../http.ts'
import type { Target } from './proxy.ts'

/** Asks the proxy for a way to the target; what goes over it, the proxy cannot read. */
export function tunnel(proxy: URL, { hostname, port }: Target, timeout: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const authority = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`
  const request = (proxy.protocol === 'https:' ? requestHttps : requestHttp)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...authorization(proxy) },
    agent: false,
    timeout,
  })
  request.once('connect', ({ statusCode }, socket) => {
    if (statusCode === 200) return resolve(socket)
    socket.destroy()
    reject(failure(`proxy answered ${statusCode}`))
  })
  request.once('response', answer => {
    answer.destroy()
    reject(failure(`proxy answered ${answer.statusCode}`))
  })
  request.once('timeout', () => request.destroy(failure('proxy does not answer')))
  request.once('error', reject)
  request.end()
  return promise
}

function authorization({ username, password }: URL): { readonly 'proxy-authorization'?: string } {
  if (username === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

/** The code is what a condition quotes. */
function failure(code: string): Error {
  return Object.assign(new Error(code), { code })
}

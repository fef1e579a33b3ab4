// The few requests that the environment itself makes — shell
import { Agent, type Dispatcher } from 'undici'
import type { Connection } from './connection.ts'

/** Requests as one identity. */
export interface Requests extends AsyncDisposable {
  /** The status, also of a server that does not answer yet: 0. */
  status(path: string): Promise<number>
  get<T>(path: string): Promise<T>
  /** `undefined` when there is no such object. */
  find<T>(path: string): Promise<T | undefined>
  post<T>(path: string, body: object): Promise<T>
  /** Server-side apply, forced. */
  apply(path: string, body: object): Promise<void>
  close(): Promise<void>
}

const timeout = 10_000

export function openRequests(connection: Connection, userAgent: string): Requests {
  const { server, ca, identity } = connection
  const certificate = identity && 'certificate' in identity ? identity.certificate : {}
  const agent = new Agent({ connect: { ca, ...certificate } })
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    accept: 'application/json',
    ...(identity && 'token' in identity && { authorization: `Bearer ${identity.token}` }),
  }
  const send = (method: Dispatcher.HttpMethod, path: string, body?: object): Promise<Dispatcher.ResponseData> =>
    agent.request({
      origin: server,
      path,
      method,
      headers: { ...headers, 'content-type': method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json' },
      signal: AbortSignal.timeout(timeout),
      ...(body && { body: JSON.stringify(body) }),
    })
  return {
    async status(path) {
      const response = await send('GET', path).catch(() => undefined)
      await response?.body.dump()
      return response?.statusCode ?? 0
    },
    async get<T>(path: string) {
      return answer<T>(`GET ${path}`, await send('GET', path))
    },
    async find<T>(path: string) {
      const response = await send('GET', path)
      if (response.statusCode !== 404) return answer<T>(`GET ${path}`, response)
      await response.body.dump()
      return undefined
    },
    async post<T>(path: string, body: object) {
      return answer<T>(`POST ${path}`, await send('POST', path, body))
    },
    async apply(path, body) {
      await answer(`PATCH ${path}`, await send('PATCH', `${path}?fieldManager=${userAgent}&force=true`, body))
    },
    close: () => agent.destroy(),
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}

async function answer<T>(what: string, { statusCode, body }: Dispatcher.ResponseData): Promise<T> {
  const text = await body.text()
  if (statusCode >= 300) throw new Error(`${what} was answered with ${statusCode}: ${text}`)
  return JSON.parse(text) as T
}

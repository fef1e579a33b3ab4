// Keeps what a tenant wrote from leading to the manager's own host, its link, or the management API server — shell
import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { ConnectionConfig } from '../client/transport/connection.ts'
import type { Transport } from '../client/transport/transport.ts'
import { undiciTransport } from '../client/transport/undici-transport.ts'
import { limits } from '../limits.ts'
import { refusesAddress } from './addresses.ts'
import { type Resolve, resolveApart } from './resolve.ts'

const connectMs = limits.workloadConnectMilliseconds.value

export interface GuardOptions {
  /** Ranges that are asked although they would be refused, such as `127.0.0.0/8`. */
  readonly allowed: readonly string[]
  /** `host:port` of the management API server, as in a URL. */
  readonly management: string
}

/** Nothing was sent: the address is one that no tenant may send us to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError'
}

/**
 * How requests get to workload clusters. HTTP/1.1 only: these servers belong to tenants, and a fault in the client's
 * HTTP/2 code would end the process for all of them (docs/adr/0050).
 */
export function guardedTransport(
  options: GuardOptions,
  resolve: Resolve = resolveApart(),
): (connection: ConnectionConfig) => Transport {
  const addressesOf = guardedResolve(options, resolve)
  return connection => {
    const { host, port } = placeOf(new URL(connection.server))
    // What is connected to is what was checked: a name that changes between two answers gains nothing.
    const lookup: LookupFunction = (name, { all }, callback) => {
      addressesOf(name, port).then(
        found => (all ? callback(null, [...found]) : callback(null, found[0]?.address ?? '', found[0]?.family)),
        (error: NodeJS.ErrnoException) => callback(error, ''),
      )
    }
    const transport = undiciTransport(connection, { onlyHttp1: true, lookup, connectMs })
    return {
      host: transport.host,
      send: async request => {
        if (isIP(host)) await addressesOf(host, port) // an address is connected to without a lookup
        return transport.send(request)
      },
      close: () => transport.close(),
    }
  }
}

function guardedResolve({ allowed, management }: GuardOptions, resolve: Resolve) {
  const refuses = refusesAddress(allowed)
  const server = placeOf(new URL(`https://${management}`))

  /** One bad address spoils a name: which of them is used is not ours to decide. */
  return async (host: string, port: number): Promise<readonly LookupAddress[]> => {
    const found = await resolve(host)
    const own = port === server.port ? (await resolve(server.host)).map(({ address }) => address) : []
    const isRefused = ({ address }: LookupAddress): boolean => refuses(address) || own.includes(address)
    if (found.some(isRefused)) throw new AddressRefusedError('not an address of a workload cluster')
    return found
  }
}

function placeOf({ hostname, port }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) }
}

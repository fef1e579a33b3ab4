// A process that dies at its n-th write — shell
import type { Transport, TransportRequest, TransportResponse } from '@k0smotron-ts/runtime'

/** `refused`: the server did not do it. `lost`: it did, and nobody was told. Either way the process ends right there. */
export type FaultKind = 'refused' | 'lost'

export interface Fault {
  readonly wrap: (transport: Transport) => Transport
  /** Resolves when the fault has struck: nothing got through after it. */
  readonly struck: Promise<void>
  /** How many writes there were so far. */
  writes(): number
}

/** Counts from 1. Events and leases do not count: they come by the clock, and nothing depends on them. */
export function faultAt(nth: number, kind: FaultKind): Fault {
  let count = 0
  let isDead = false
  const { promise: struck, resolve: strike } = Promise.withResolvers<void>()
  const dead = () => Promise.reject(new Error('the process is dead'))

  async function send(transport: Transport, request: TransportRequest): Promise<TransportResponse> {
    if (isDead) return dead()
    if (!isCounted(request)) return transport.send(request)
    count += 1
    if (count !== nth) return transport.send(request)
    isDead = true
    if (kind === 'lost') for await (const _ of (await transport.send(request)).body);
    strike()
    return dead()
  }

  return {
    wrap: transport => ({ ...transport, send: request => send(transport, request), close: () => transport.close() }),
    struck,
    writes: () => count,
  }
}

function isCounted({ method, path }: TransportRequest): boolean {
  return method !== 'GET' && !path.includes('/events') && !path.includes('/leases')
}

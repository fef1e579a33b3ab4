// A transport that knows whether it is in use, and waits for nobody for long — core
import type { Transport, TransportRequest, TransportResponse } from '../client/transport.ts'

export interface BusyTransport extends Transport {
  /** Requests without an end yet; an open watch is one. */
  underWay(): number
}

/** Requests are cut to so long a silence: who waits for a hosted API server holds up those of other clusters. */
export function busyTransport(transport: Transport, longestSilenceMs: number): BusyTransport {
  let underWay = 0

  async function* counted(body: TransportResponse['body']): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } finally {
      underWay -= 1
    }
  }

  const send = async (request: TransportRequest): Promise<TransportResponse> => {
    const { timeoutMs } = request
    const limited = timeoutMs === 'unlimited' ? timeoutMs : Math.min(timeoutMs, longestSilenceMs)
    underWay += 1
    try {
      const response = await transport.send({ ...request, timeoutMs: limited })
      return { ...response, body: counted(response.body) }
    } catch (error) {
      underWay -= 1
      throw error
    }
  }
  return { host: transport.host, send, close: () => transport.close(), underWay: () => underWay }
}

// One HTTP request to one API server, and what may become of it — core

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, escaped. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** How long the server may be silent. `unlimited` is a watch: it has connections of its own, and who reads it keeps watch. */
  readonly timeoutMs: number | 'unlimited'
  readonly signal?: AbortSignal
}

export interface TransportResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Read to its end or broken off, else the request stays open. An answer that is cut short throws. */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * How requests get to one API server. `send` and `body` throw TransportTimeout when the time is over, the signal's
 * reason when that was aborted, CredentialsError when nothing was sent for want of credentials, and anything else when
 * the connection failed: then nobody knows whether a write was done.
 */
export interface Transport {
  readonly host: string
  send(request: TransportRequest): Promise<TransportResponse>
  /** Breaks off what is under way. */
  close(): Promise<void>
}

export class TransportTimeout extends Error {
  override readonly name = 'TransportTimeout'
}

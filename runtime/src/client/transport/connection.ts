// Where an API server is, and who asks — core

/** What proves who asks; with neither, the server takes us for anonymous. */
export interface Identity {
  readonly token?: string
  /** PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string }
  /** Who vouches for the server by now, where that is read again too; PEM, wins over the connection's. */
  readonly ca?: string
}

export interface Credentials {
  /** The identity to use now. Asked before each request, so it is cheap. */
  present(): Promise<Identity>
  /** Tells that the server did not accept this one: the next `present` asks the source again. Absent when there is no source. */
  readonly refused?: (identity: Identity) => void
}

/** Nothing was sent: what proves who we are could not be had. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}

export interface ConnectionConfig {
  /** `https://host:port`, with a path in front of `/api` if there is one. */
  readonly server: string
  /** PEM; absent means the authorities that the system trusts. */
  readonly ca?: string
  /** The name that the server's certificate must carry when it is not the host of `server` (a Service dialled by IP). */
  readonly serverName?: string
  readonly credentials: Credentials
  /** Its part before the slash is the field manager of plain creates and updates. */
  readonly userAgent: string
}

/** Credentials that never change. */
export function fixedCredentials(identity: Identity): Credentials {
  return { present: () => Promise.resolve(identity) }
}

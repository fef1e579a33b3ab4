// Where an API server is, and who asks — core
import type { Clock } from '../../clock.ts'

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

/** A mounted token lives an hour and is replaced well before: a minute is soon enough. */
const rereadMs = 60_000

/** What could not be read (no file descriptor left) may be readable at once; each request must not try by itself. */
const readAgainMs = 1_000

/**
 * Credentials whose source changes under us (a mounted token): asked at most once a minute, and after a
 * refusal. Who asks while the source is being read waits for the same answer. A failed read costs nothing as long as
 * what is known was not refused.
 */
export function rereadCredentials(read: () => Promise<Identity>, clock: Clock): Credentials {
  let latest: Promise<Identity> | undefined
  let dueAt = 0
  let known: Identity | undefined
  let wasRefused = false

  /** Only the latest read counts: a slower one from before would bring back what was replaced. */
  function readNow(): Promise<Identity> {
    const fallback = wasRefused ? undefined : known
    const reading: Promise<Identity> = read().then(
      identity => {
        if (reading === latest) [known, wasRefused] = [identity, false]
        return identity
      },
      (error: unknown) => {
        if (reading === latest && fallback) dueAt = clock.elapsed() + readAgainMs
        if (reading === latest && !fallback) latest = undefined
        if (fallback) return fallback
        throw error
      },
    )
    return reading
  }

  return {
    present() {
      if (!latest || clock.elapsed() >= dueAt) {
        dueAt = clock.elapsed() + rereadMs
        latest = readNow()
      }
      return latest
    },
    refused(identity) {
      if (identity !== known) return // a request that was under way when a newer one had been read already
      latest = undefined
      wasRefused = true
    },
  }
}

// Credentials whose source changes under us — shell
import type { Clock } from '../../clock.ts'
import type { Credentials, Identity } from '../transport/connection.ts'

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

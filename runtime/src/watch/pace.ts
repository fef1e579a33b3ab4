// How long a list-watch waits before it goes on — core

/** How a list or a watch ended, and how long it had been going. */
export interface Ending {
  /**
   * `ended`: the server closed a watch in good order, or its version was too old. `unreadable`: the kind is not served or
   * may not be read. `failed`: everything else.
   */
  readonly kind: 'ended' | 'failed' | 'unreadable'
  readonly livedMs: number
  /** What the server asked for (429). */
  readonly retryAfterMs?: number | undefined
}

/** A stream that lived so long was healthy: what went wrong before it is forgotten. */
const healthyMs = 10_000

const failureFloorMs = 800
const failureCeilingMs = 30_000
/** Nothing tells that a CRD or a right has come; the server is well and answers such a question from memory. */
const unreadableCeilingMs = 10_000

/** An ending at once is seldom, and being blind for long is worse than asking again; but never in a hot loop. */
const endingFloorMs = 200
const endingCeilingMs = 5_000

export interface Pace {
  /** Milliseconds until the next try. */
  after(ending: Ending): number
}

/**
 * A watch that ends in good order goes on at once, and slower only when it keeps ending at once. A failure waits
 * 0.8 s to 30 s (10 s where a kind cannot be read), exponentially and by chance, so that a thousand watches do not come back in one moment.
 * Events do not count as health, only time does: a server that sends one event and hangs up is not healthy.
 */
export function createPace(random: () => number): Pace {
  let failures = 0
  let shortEndings = 0
  return {
    after({ kind, livedMs, retryAfterMs = 0 }) {
      if (livedMs >= healthyMs) {
        failures = 0
        shortEndings = 0
        if (kind === 'ended') return 0
      }
      if (kind === 'ended')
        return between(endingFloorMs, grown(endingFloorMs, endingCeilingMs, shortEndings++), random())
      const ceiling = kind === 'unreadable' ? unreadableCeilingMs : failureCeilingMs
      const delay = between(failureFloorMs, grown(failureFloorMs, ceiling, failures++), random())
      return Math.max(delay, Math.min(retryAfterMs, failureCeilingMs))
    },
  }
}

const grown = (floor: number, ceiling: number, times: number): number => Math.min(ceiling, floor * 2 ** (times + 1))

const between = (floor: number, ceiling: number, random: number): number => floor + random * (ceiling - floor)

// How often one key may be worked on — core

const burst = 5
const intervalMs = 1_000

/**
 * Five passes of a key at once, then one a second, whether they succeed or fail. Passes that succeed know no back-off: two
 * writers that undo each other's work, or a pass whose own write wakes it, would go round as fast as the server answers.
 * It counts per key: a thousand keys that come at once are not delayed.
 */
export class Brake {
  /** When the passes so far are worked off, at one a second; least lately taken first. */
  readonly #workedOffAt = new Map<string, number>()

  /** Milliseconds until the key may be taken. */
  waitMs(key: string, now: number): number {
    return Math.max(0, (this.#workedOffAt.get(key) ?? now) - now - (burst - 1) * intervalMs)
  }

  taken(key: string, now: number): void {
    const since = Math.max(this.#workedOffAt.get(key) ?? now, now)
    this.#workedOffAt.delete(key)
    this.#workedOffAt.set(key, since + intervalMs)
    this.#forgetRested(now)
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#workedOffAt.size
  }

  #forgetRested(now: number): void {
    for (const [key, at] of this.#workedOffAt) {
      if (at > now) return
      this.#workedOffAt.delete(key)
    }
  }
}

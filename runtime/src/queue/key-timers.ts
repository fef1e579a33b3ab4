// At most one timer per key — shell
import type { Clock } from '../clock.ts'

interface Timer {
  readonly at: number
  readonly cancel: () => void
}

export class KeyTimers {
  readonly #clock: Clock
  readonly #due: (key: string) => void
  readonly #timers = new Map<string, Timer>()

  constructor(clock: Clock, due: (key: string) => void) {
    this.#clock = clock
    this.#due = due
  }

  has(key: string): boolean {
    return this.#timers.has(key)
  }

  /** Instead of the one that the key has. */
  replace(key: string, milliseconds: number): void {
    this.cancel(key)
    const at = this.#clock.elapsed() + Math.max(0, milliseconds)
    const cancel = this.#clock.after(milliseconds, () => {
      this.#timers.delete(key)
      this.#due(key)
    })
    this.#timers.set(key, { at, cancel })
  }

  /** Of two timers of a key the earlier one stands. */
  advance(key: string, milliseconds: number): void {
    const standing = this.#timers.get(key)
    if (standing && standing.at <= this.#clock.elapsed() + Math.max(0, milliseconds)) return
    this.replace(key, milliseconds)
  }

  cancel(key: string): void {
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
  }

  cancelAll(): void {
    for (const { cancel } of this.#timers.values()) cancel()
    this.#timers.clear()
  }
}

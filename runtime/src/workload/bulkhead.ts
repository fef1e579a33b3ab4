// How many work with one workload cluster at a time — core

import { limits } from '../limits.ts'

const places = limits.workloadPasses.value

/**
 * Whoever finds no place waits as a value, in the order of coming: it is woken with a place kept for it, until it took it
 * or its next pass went by without.
 */
export class Bulkhead {
  readonly #wake: (user: string) => void
  readonly #inside = new Set<string>()
  readonly #invited = new Set<string>()
  readonly #waiting = new Set<string>()

  constructor(wake: (user: string) => void) {
    this.#wake = wake
  }

  /** False: there is no place now, and the user is woken when there is one. */
  enter(user: string): boolean {
    if (this.#inside.has(user)) return true
    const isInvited = this.#invited.delete(user)
    if (!isInvited && this.#inside.size + this.#invited.size >= places) {
      this.#waiting.add(user)
      return false
    }
    this.#waiting.delete(user)
    this.#inside.add(user)
    return true
  }

  /** The user's pass is over: its place is free, also one that was kept for it and not taken. */
  leave(user: string): void {
    const hadPlace = this.#inside.delete(user)
    if (this.#invited.delete(user) || hadPlace) this.#inviteNext()
  }

  /** The user does not want a place any more. */
  forget(user: string): void {
    this.#waiting.delete(user)
    this.leave(user)
  }

  #inviteNext(): void {
    for (const user of this.#waiting) {
      if (this.#inside.size + this.#invited.size >= places) return
      this.#waiting.delete(user)
      this.#invited.add(user)
      this.#wake(user)
    }
  }
}

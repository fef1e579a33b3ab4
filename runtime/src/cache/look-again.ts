// Who asked for more than can be watched looks again in turn — shell
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import type { NamedUser } from './types.ts'

/** Wakes one user at a time, namespaces in turn; who still wants to look again then says so. */
export class LookAgain {
  readonly #clock: Clock
  /** In the order in which they are served. */
  readonly #waiting = new Map<string, Set<NamedUser>>()
  #callOff: (() => void) | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Waits no longer than before if it waits already. */
  add(namespace: string, user: NamedUser): void {
    const users = this.#waiting.get(namespace)
    if (users) users.add(user)
    else this.#waiting.set(namespace, new Set([user]))
    this.#callOff ??= this.#clock.after(limits.lookAgainMilliseconds.value, () => this.#wakeNext())
  }

  remove(user: NamedUser): void {
    for (const [namespace, users] of this.#waiting) {
      if (users.delete(user) && users.size === 0) this.#waiting.delete(namespace)
    }
  }

  close(): void {
    this.#callOff?.()
    this.#waiting.clear()
  }

  #wakeNext(): void {
    this.#callOff = undefined
    for (const [namespace, users] of this.#waiting) {
      const [user] = users
      this.#waiting.delete(namespace)
      if (!user) continue
      users.delete(user)
      if (users.size > 0) this.#waiting.set(namespace, users)
      if (this.#waiting.size > 0)
        this.#callOff = this.#clock.after(limits.lookAgainMilliseconds.value, () => this.#wakeNext())
      user.onChange()
      return
    }
  }
}

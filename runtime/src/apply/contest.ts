// Fields that someone keeps taking from us — core
import { Lru } from '../lru.ts'

/** Another manager and we overwrite each other; we step back for minutes so that the fight costs nothing. */
export class ContestedError extends Error {
  override readonly name = 'ContestedError'
  readonly managers: readonly string[]
  readonly retryAfterMilliseconds: number
  constructor(what: string, { managers, retryAfterMilliseconds }: Contest) {
    super(
      `${what} is changed again and again by ${managers.join(', ') || 'an unknown manager'}; let one of us manage it`,
    )
    this.managers = managers
    this.retryAfterMilliseconds = retryAfterMilliseconds
  }
}

export interface Contest {
  readonly managers: readonly string[]
  readonly retryAfterMilliseconds: number
}

const windowMilliseconds = 10 * 60_000
const backOffMilliseconds = 5 * 60_000
const takesUntilContested = 3
const maxRemembered = 50_000

/** Remembers when fields of an object were taken back. Forgotten at a restart, or among too many: then the count begins anew. */
export class ContestLog {
  readonly #takes = new Lru<readonly number[]>(maxRemembered)
  readonly #applied = new Lru<string>(maxRemembered)

  /** Notes which intent an object carries by our hand. */
  applied(object: string, intent: string): void {
    this.#applied.set(object, intent)
  }

  /** Whether this very intent was applied already: then someone took it off again. */
  hasApplied(object: string, intent: string): boolean {
    return this.#applied.get(object) === intent
  }

  /** Records that fields were taken from us; returns the contest once it has gone so far that we stop applying for a while. */
  note(object: string, managers: readonly string[], now: Date): Contest | undefined {
    const at = now.getTime()
    const recent = (this.#takes.get(object) ?? []).filter(time => at - time < windowMilliseconds)
    const last = recent.at(-1) ?? 0
    if (recent.length >= takesUntilContested && at - last < backOffMilliseconds) {
      return { managers, retryAfterMilliseconds: backOffMilliseconds - (at - last) }
    }
    this.#takes.set(object, [...recent, at].slice(-takesUntilContested))
    return undefined
  }
}

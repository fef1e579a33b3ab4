// What several members said last of their databases — core
import type { Database, MembersAnswer } from '../../members.ts'

type Databases = NonNullable<MembersAnswer['databases']>

/** Three questions at rest. */
const keptMs = 90_000

interface Question {
  /** By a clock that only grows. */
  readonly now: number
  /** How many members there are to be. */
  readonly replicas: number
}

/** A member that starts anew, or whose answer is lost, has said what it said before: its series do not end, and nobody is woken. */
export class LastDatabases {
  #asked: number | undefined
  #last: ReadonlyMap<number, { readonly database: Database; readonly at: number }> = new Map()

  /** `undefined` while that nobody said anything may be bad luck. */
  after(said: Databases, { now, replicas }: Question): Databases | undefined {
    this.#asked ??= now
    const kept = [...this.#last]
      .filter(([ordinal, { at }]) => ordinal < replicas && now - at <= keptMs)
      .map(([ordinal, { database, at }]) => [ordinal, { at, database: withoutAlarms(database, said) }] as const)
    const answered = [...said].map(([ordinal, database]) => [ordinal, { at: now, database }] as const)
    this.#last = new Map([...kept, ...answered])
    if (this.#last.size === 0 && now - this.#asked <= keptMs) return undefined
    return new Map([...this.#last].map(([ordinal, { database }]) => [ordinal, database]))
  }
}

/** Alarms are of the whole datastore: those who answer know them better. */
function withoutAlarms(database: Database, said: Databases): Database {
  return said.size > 0 ? { ...database, alarms: [] } : database
}

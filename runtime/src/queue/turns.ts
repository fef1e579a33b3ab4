// Whose turn it is among the keys that wait — core
import { namespaceOf } from '../key.ts'

export interface Waiting {
  readonly key: string
  readonly addedAt: number
}

type HasTurn = (namespace: string) => boolean

/** After so many keys in a row that have news comes one that has none, so that it comes at all. */
const newsInARow = 4

/**
 * Namespaces are served in turn, the keys of one in the order in which they came: who makes a thousand keys dirty waits
 * behind them himself. After a start, keys that only have to be looked at come after those that have news.
 */
export class Turns {
  readonly #news = new Line()
  readonly #looks = new Line()
  #newsTaken = 0

  get size(): number {
    return this.#news.size + this.#looks.size
  }

  has(key: string): boolean {
    return this.#news.has(key) || this.#looks.has(key)
  }

  /** How many keys of the namespace wait. */
  waitingOf(namespace: string): number {
    return this.#news.waitingOf(namespace) + this.#looks.waitingOf(namespace)
  }

  /** There is news of the key. One that was to be looked at only moves ahead. */
  add(key: string, now: number): void {
    const addedAt = this.#looks.remove(key) ?? now
    if (!this.#news.has(key)) this.#news.add(key, addedAt)
  }

  /** Those of the waiting keys that have no news come after the others. */
  postpone(hasNews: (key: string) => boolean): void {
    for (const { key, addedAt } of this.#news.all()) {
      if (hasNews(key)) continue
      this.#news.remove(key)
      this.#looks.add(key, addedAt)
    }
  }

  /** Those whose namespace has no turn now keep their place in the line. */
  take(hasTurn: HasTurn = () => true): Waiting | undefined {
    const look = this.#newsTaken >= newsInARow ? this.#looks.take(hasTurn) : undefined
    const news = look ? undefined : this.#news.take(hasTurn)
    this.#newsTaken = news ? this.#newsTaken + 1 : 0
    return look ?? news ?? this.#looks.take(hasTurn)
  }
}

/** First come, first served within a namespace; the namespaces in turn. */
class Line {
  /** The namespace whose turn it is comes first; none is empty. */
  readonly #namespaces = new Map<string, Map<string, number>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(key: string): boolean {
    return this.#namespaces.get(namespaceOf(key))?.has(key) ?? false
  }

  waitingOf(namespace: string): number {
    return this.#namespaces.get(namespace)?.size ?? 0
  }

  add(key: string, addedAt: number): void {
    const namespace = namespaceOf(key)
    const keys = this.#namespaces.get(namespace) ?? new Map<string, number>()
    this.#namespaces.set(namespace, keys)
    keys.set(key, addedAt)
    this.#size++
  }

  /** When it was added, if it was there. */
  remove(key: string): number | undefined {
    const namespace = namespaceOf(key)
    const keys = this.#namespaces.get(namespace)
    const addedAt = keys?.get(key)
    if (!keys || addedAt === undefined) return undefined
    keys.delete(key)
    if (keys.size === 0) this.#namespaces.delete(namespace)
    this.#size--
    return addedAt
  }

  take(hasTurn: HasTurn): Waiting | undefined {
    for (const [namespace, keys] of this.#namespaces) {
      const [first] = keys
      if (!first || !hasTurn(namespace)) continue
      const [key, addedAt] = first
      this.remove(key)
      if (this.#namespaces.delete(namespace)) this.#namespaces.set(namespace, keys)
      return { key, addedAt }
    }
    return undefined
  }

  all(): readonly Waiting[] {
    return [...this.#namespaces.values()].flatMap(keys => [...keys].map(([key, addedAt]) => ({ key, addedAt })))
  }
}

// Finds objects by values in them — core

/** Where the values of one index come from. */
export type IndexValues<T> = (object: T) => readonly string[]

/** Ids of objects under the values that each index gives for them. */
export class IndexTable<T> {
  readonly #indexes = new Map<string, { readonly values: IndexValues<T>; readonly ids: Map<string, Set<string>> }>()

  /** Declaring the same index again changes nothing; another one of that name is a mistake. */
  declare(name: string, values: IndexValues<T>): void {
    const known = this.#indexes.get(name)
    if (known && known.values !== values)
      throw new Error(`the index ${name} is declared twice, with different functions`)
    if (!known) this.#indexes.set(name, { values, ids: new Map() })
  }

  /** What `add` and `remove` need to know of an object; throws what an index function throws, before anything changed. */
  entriesOf(object: T): readonly IndexEntry[] {
    return [...this.#indexes].flatMap(([index, { values }]) => values(object).map(value => ({ index, value })))
  }

  add(id: string, entries: readonly IndexEntry[]): void {
    for (const { index, value } of entries) {
      const ids = this.#indexes.get(index)?.ids
      const same = ids?.get(value)
      if (same) same.add(id)
      else ids?.set(value, new Set([id]))
    }
  }

  remove(id: string, entries: readonly IndexEntry[]): void {
    for (const { index, value } of entries) {
      const ids = this.#indexes.get(index)?.ids
      const same = ids?.get(value)
      same?.delete(id)
      if (same?.size === 0) ids?.delete(value)
    }
  }

  idsOf(index: string, value: string): Iterable<string> {
    const known = this.#indexes.get(index)
    if (!known) throw new Error(`there is no index ${index}`)
    return known.ids.get(value) ?? []
  }
}

export interface IndexEntry {
  readonly index: string
  readonly value: string
}

// How much the objects of workload clusters may take of memory — core
import { limits, type Memory, parseKey } from '@k0smotron-ts/runtime'

/** One list-watch. */
export interface Remembering {
  /** `namespace/name` of the Cluster. */
  readonly cluster: string
  /** Ends it. */
  readonly giveWay: () => void
}

/**
 * Shared by list-watches of servers that may send more and more objects. Who takes too much gives way; where all
 * together do, the largest of the namespace that takes most.
 */
export class WatchMemory {
  readonly #used = new Map<Remembering, number>()
  #total = 0

  /** There is no room for whoever has ended or given way. */
  begin(one: Remembering): Memory {
    this.#used.set(one, 0)
    return {
      replace: (_namespace, before, after) => {
        this.#grow(one, weightOf(after) - weightOf(before))
        return this.#used.has(one)
      },
    }
  }

  end(one: Remembering): void {
    this.#total -= this.#used.get(one) ?? 0
    this.#used.delete(one)
  }

  #grow(one: Remembering, by: number): void {
    const before = this.#used.get(one)
    if (before === undefined) return
    this.#used.set(one, before + by)
    this.#total += by
    if (before + by > limits.workloadWatchBytes.value) this.#end(one)
    else if (this.#total > limits.workloadWatchesBytes.value) this.#end(this.#largest() ?? one)
  }

  #end(one: Remembering): void {
    this.end(one)
    one.giveWay()
  }

  #largest(): Remembering | undefined {
    const namespaces = new Map<string | undefined, number>()
    for (const [one, bytes] of this.#used) {
      const namespace = namespaceOf(one)
      namespaces.set(namespace, (namespaces.get(namespace) ?? 0) + bytes)
    }
    const greatest = Math.max(...namespaces.values())
    const inLargest = [...this.#used].filter(([one]) => namespaces.get(namespaceOf(one)) === greatest)
    return inLargest.toSorted(([, a], [, b]) => b - a)[0]?.[0]
  }
}

const namespaceOf = ({ cluster }: Remembering): string | undefined => parseKey(cluster).namespace

/** Name, version and label are remembered beside the object, and each object has places in several tables. */
function weightOf(bytes: number): number {
  return bytes === 0 ? 0 : 1_024 + 3 * bytes
}

// How much memory large objects may take, by namespace and in all — core
import { limits } from '../limits.ts'
import type { Memory } from './types.ts'

/** Small objects count as nothing: how many there may be is for quotas of Kubernetes to say. */
const counted = (bytes: number): number => (bytes > limits.largeObjectBytes.value ? bytes : 0)

/** Shared by all stores of a cache. */
export class LargeObjects implements Memory {
  readonly #used = new Map<string, number>()
  #total = 0

  replace(namespace: string, before: number, after: number): boolean {
    const grown = counted(after) - counted(before)
    const used = (this.#used.get(namespace) ?? 0) + grown
    const hasRoom =
      used <= limits.largeObjectsOfNamespaceBytes.value && this.#total + grown <= limits.largeObjectsBytes.value
    if (grown > 0 && !hasRoom) return false
    this.#total += grown
    if (used > 0) this.#used.set(namespace, used)
    else this.#used.delete(namespace)
    return true
  }
}

// How much memory objects may take, by namespace and in all — core
import { limits } from '../limits.ts'
import type { Memory } from './types.ts'

/** The part of an object that counts as large. */
const largePart = (bytes: number): number => (bytes > limits.largeObjectBytes.value ? bytes : 0)

/** Bytes by namespace, and of all together. */
class Account {
  readonly #used = new Map<string, number>()
  total = 0

  of(namespace: string): number {
    return this.#used.get(namespace) ?? 0
  }

  add(namespace: string, bytes: number): void {
    const used = this.of(namespace) + bytes
    this.total += bytes
    if (used > 0) this.#used.set(namespace, used)
    else this.#used.delete(namespace)
  }
}

/** Shared by all stores of a cache. */
export class ObjectMemory implements Memory {
  readonly #rememberedBytes: number
  readonly #reserveBytes: number
  readonly #large = new Account()
  readonly #all = new Account()

  /** `processBytes`: what the process may take; objects then may take the same part of it as in a container as shipped. */
  constructor(processBytes = 0) {
    const { rememberedBytes, reservedBytes, shippedMemoryBytes } = limits
    const times = Math.max(1, processBytes / shippedMemoryBytes.value)
    this.#rememberedBytes = rememberedBytes.value * times
    this.#reserveBytes = reservedBytes.value * times
  }

  replace(namespace: string, before: number, after: number): boolean {
    const grown = after - before
    const large = largePart(after) - largePart(before)
    if (grown > 0 && !this.#hasRoom(namespace, grown)) return false
    if (large > 0 && !this.#hasRoomForLarge(namespace, large)) return false
    this.#large.add(namespace, large)
    this.#all.add(namespace, grown)
    return true
  }

  #hasRoomForLarge(namespace: string, bytes: number): boolean {
    const { largeObjectsOfNamespaceBytes, largeObjectsBytes } = limits
    return (
      this.#large.of(namespace) + bytes <= largeObjectsOfNamespaceBytes.value &&
      this.#large.total + bytes <= largeObjectsBytes.value
    )
  }

  #hasRoom(namespace: string, bytes: number): boolean {
    const beyond = this.#all.total + bytes - this.#rememberedBytes
    const isSmall = this.#all.of(namespace) + bytes <= limits.smallNamespaceBytes.value
    return beyond <= 0 || (isSmall && beyond <= this.#reserveBytes)
  }
}

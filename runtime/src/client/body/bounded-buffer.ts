// Bytes put together up to a bound — core

/** Enough to find a name in. */
const headBytes = 4_096

/** What is larger than this is not kept for the next use. */
const keptBytes = 262_144

/**
 * Grows by doubling, so that a body of single bytes costs one copy of it and not an object for each byte. Beyond the
 * bound only the beginning stays, and what follows is counted.
 */
export class BoundedBuffer {
  readonly #max: number
  #bytes = Buffer.alloc(0)
  #seen = 0

  constructor(max: number) {
    this.#max = max
  }

  /** All that was added, also what did not fit. */
  get seen(): number {
    return this.#seen
  }

  get isOver(): boolean {
    return this.#seen > this.#max
  }

  add(chunk: Uint8Array): void {
    const from = this.#seen
    this.#seen += chunk.length
    if (this.isOver) {
      if (from <= this.#max) this.#bytes = Buffer.from(this.#bytes.subarray(0, Math.min(from, headBytes)))
      return
    }
    if (this.#seen > this.#bytes.length) this.#grow(from)
    this.#bytes.set(chunk, from)
  }

  /** What was added, or its beginning; valid until the next `add`. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#seen)
  }

  clear(): void {
    this.#seen = 0
    if (this.#bytes.length > keptBytes) this.#bytes = Buffer.alloc(0)
  }

  #grow(used: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#seen))
    larger.set(this.#bytes.subarray(0, used))
    this.#bytes = larger
  }
}

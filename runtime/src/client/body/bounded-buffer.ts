// Bytes put together up to a bound — core
import type { Room } from './bounds.ts'

/** Enough to find a name in. */
const headBytes = 4_096

/** What is larger than this is not kept for the next use, and has to find room. */
export const smallBytes = 65_536

type Share = Pick<Room, 'take' | 'giveBack'>

/**
 * Grows by doubling, so that a body of single bytes costs one copy of it and not an object for each byte. Beyond the
 * bound, and where no room is left, only the beginning stays, and what follows is counted.
 */
export class BoundedBuffer {
  readonly #max: number
  readonly #room: Share | undefined
  #bytes = Buffer.alloc(0)
  #seen = 0
  #isOver = false
  /** Of the room. */
  #taken = 0

  constructor(max: number, room?: Share) {
    this.#max = max
    this.#room = room
  }

  /** All that was added, also what did not fit. */
  get seen(): number {
    return this.#seen
  }

  get isOver(): boolean {
    return this.#isOver
  }

  add(chunk: Uint8Array): void {
    const from = this.#seen
    this.#seen += chunk.length
    if (this.#isOver) return
    if (this.#hasSpace(from)) this.#bytes.set(chunk, from)
    else this.#keepHead(from)
  }

  /** What was added, or its beginning; valid until the next `add`. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#seen)
  }

  clear(): void {
    this.#seen = 0
    this.#isOver = false
    if (this.#bytes.length > smallBytes) this.#replace(Buffer.alloc(0))
  }

  #hasSpace(used: number): boolean {
    if (this.#seen > this.#max) return false
    if (this.#seen <= this.#bytes.length) return true
    const size = Math.min(this.#max, Math.max(2 * this.#bytes.length, this.#seen))
    if (!this.#takeRoom(size)) return false
    const larger = Buffer.allocUnsafe(size)
    larger.set(this.#bytes.subarray(0, used))
    this.#bytes = larger
    return true
  }

  #keepHead(used: number): void {
    this.#isOver = true
    this.#replace(Buffer.from(this.#bytes.subarray(0, Math.min(used, headBytes))))
  }

  #replace(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#room?.giveBack(this.#taken)
    this.#taken = 0
  }

  #takeRoom(size: number): boolean {
    const more = size > smallBytes ? size - this.#taken : 0
    if (this.#room && !this.#room.take(more)) return false
    this.#taken += more
    return true
  }
}

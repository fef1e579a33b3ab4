// The items of a list, one at a time, out of the bytes of its JSON — core
import { limits } from '../../limits.ts'
import { BoundedBuffer } from './bounded-buffer.ts'
import type { Bounds } from './bounds.ts'
import { AnswerError, parseJson } from './json.ts'
import { byte, JsonStructure, opens } from './json-structure.ts'

/** The whole key: within a string, a quote has a backslash before it. */
const beginsItems = /[{,\s]"items"\s*:\s*\[$/

/** The list is at depth 1, the array of its items at 2, what an item holds at 3. */
const itemsDepth = 2

/**
 * At no time is more than one item in memory, and of one that is too large only its beginning. What is left of a list
 * without its items has its version; built-in kinds send that first, others last.
 */
export class ItemScanner {
  readonly #structure = new JsonStructure()
  readonly #rest = new BoundedBuffer(limits.textBytes.value)
  readonly #item: BoundedBuffer
  readonly #maxValues: number
  #depth = 0
  #marks = 0
  #isInItems = false

  constructor({ objectBytes, objectValues, room }: Bounds) {
    this.#item = new BoundedBuffer(objectBytes, room)
    this.#maxValues = objectValues
  }

  /** How many braces, brackets and commas came since this was last asked: each takes time to look at. */
  takeMarks(): number {
    const marks = this.#marks
    this.#marks = 0
    return marks
  }

  /** What has begun will not end. */
  close(): void {
    this.#item.clear()
  }

  /** The list without its items, once all of it came. */
  end(): unknown {
    if (this.#rest.isOver) throw new AnswerError('large', 'more than the items of a list')
    return parseJson(this.#rest.view(), this.#maxValues)
  }

  /** Each item that ends in this chunk; it is gone when the next one is asked for. */
  *push(chunk: Uint8Array): Generator<BoundedBuffer> {
    let from = 0
    for (const at of this.#structure.places(chunk)) {
      this.#marks++
      const taken = this.#take(chunk, from, at)
      if (taken !== undefined) from = taken === 'gap' ? at : at + 1
      if (taken !== 'item') continue
      yield this.#item
      this.#item.clear()
    }
    this.#collect(chunk.subarray(from))
  }

  #collect(left: Uint8Array): void {
    if (!this.#isInItems) this.#rest.add(left)
    else if (this.#depth > itemsDepth) this.#item.add(left)
    else requireGap(left)
  }

  /** Takes what ends before this place, or with it. */
  #take(chunk: Uint8Array, from: number, at: number): 'rest' | 'item' | 'gap' | undefined {
    if (chunk[at] === byte.comma) return undefined
    this.#depth += opens(chunk[at]) ? 1 : -1
    return this.#isInItems ? this.#inItems(chunk, from, at) : this.#outside(chunk, from, at)
  }

  #outside(chunk: Uint8Array, from: number, at: number): 'rest' | undefined {
    if (chunk[at] !== byte.openBracket || this.#depth !== itemsDepth) return undefined
    this.#rest.add(chunk.subarray(from, at + 1))
    this.#isInItems = beginsItems.test(this.#rest.view().subarray(-64).toString('latin1'))
    return 'rest'
  }

  /** An item ends here; or a gap between items does. */
  #inItems(chunk: Uint8Array, from: number, at: number): 'item' | 'gap' | undefined {
    const isEnd = !opens(chunk[at])
    if (isEnd && this.#depth === itemsDepth) {
      this.#item.add(chunk.subarray(from, at + 1))
      return 'item'
    }
    if (isEnd ? this.#depth >= itemsDepth : this.#depth > itemsDepth + 1) return undefined
    requireGap(chunk.subarray(from, at))
    if (isEnd) this.#isInItems = false
    return 'gap'
  }
}

function requireGap(bytes: Uint8Array): void {
  if (bytes.some(one => one > 0x20 && one !== byte.comma))
    throw new AnswerError('malformed', 'an item that is no object')
}

// Where the braces, brackets and commas of JSON are, chunk by chunk — core

export const byte = { comma: 0x2c, openBracket: 0x5b, closeBracket: 0x5d, openBrace: 0x7b, closeBrace: 0x7d } as const

const quote = 0x22
const backslash = 0x5c

/** Strings are most of an object's bytes: they are skipped by a search and not byte by byte. */
export class JsonStructure {
  #isInString = false
  /** Backslashes at the end of the last chunk, if that was inside a string. */
  #backslashes = 0

  /** The next quote that is not escaped, or the end of the chunk. */
  #stringEnd(chunk: Uint8Array, from: number): number {
    const found = chunk.indexOf(quote, from)
    const end = found === -1 ? chunk.length : found
    let first = end
    while (first > from && chunk[first - 1] === backslash) first--
    const backslashes = end - first + (first === from ? this.#backslashes : 0)
    this.#backslashes = found === -1 ? backslashes : 0
    this.#isInString = found === -1 || backslashes % 2 === 1
    return end
  }
  /** Where in this chunk they are, outside of strings. */
  *places(chunk: Uint8Array): Generator<number> {
    for (let at = 0; at < chunk.length; at++) {
      if (this.#isInString) at = this.#stringEnd(chunk, at)
      else if (chunk[at] === quote) this.#isInString = true
      else if (isStructure(chunk[at])) yield at
    }
  }
}

function isStructure(one: number | undefined): boolean {
  return (
    one === byte.comma ||
    one === byte.openBrace ||
    one === byte.closeBrace ||
    one === byte.openBracket ||
    one === byte.closeBracket
  )
}

export function opens(one: number | undefined): boolean {
  return one === byte.openBrace || one === byte.openBracket
}

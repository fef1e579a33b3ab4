// A value that does not print itself — core

const mask = '[secret]'

/** What node's inspector asks an object for. */
const inspected = Symbol.for('nodejs.util.inspect.custom')

/**
 * Carries a key, a token or a document with one in it: logs, JSON, templates and the inspector show `[secret]`.
 * Only `reveal` gives the value, so that every use is found by searching for it.
 */
export class Secret<T> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
    Object.defineProperty(this, inspected, { value: () => mask })
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return mask
  }

  toJSON(): string {
    return mask
  }
}

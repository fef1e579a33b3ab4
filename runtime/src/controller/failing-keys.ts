// Since when the passes of a key fail — core

/** An API server restarts and a webhook is rolled within a minute; what fails for longer needs someone. */
const longMs = 60_000

export class FailingKeys {
  readonly #since = new Map<string, number>()

  failed(key: string, now: number): void {
    if (!this.#since.has(key)) this.#since.set(key, now)
  }

  passed(key: string): void {
    this.#since.delete(key)
  }

  /** The last pass failed. */
  hasFailed(key: string): boolean {
    return this.#since.has(key)
  }

  isFailingLong(key: string, now: number): boolean {
    const since = this.#since.get(key)
    return since !== undefined && now - since >= longMs
  }
}

// Questions to members that are alone: so many at a time, the others wait in line — shell

/** Of all control planes together: each ends after six seconds, so of 1,000 that are silent 20 would be under way. */
const maxUnderWay = 20

/** First come, first served: who says nothing holds a place for seconds, and nobody waits for ever. */
export class Questions {
  #underWay = 0
  readonly #waiting: (() => void)[] = []

  async begin(): Promise<void> {
    if (this.#underWay < maxUnderWay) this.#underWay += 1
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  /** The place is the next one's. */
  end(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#underWay -= 1
  }
}

// Asks hosted API servers whether they work: the one thing that cannot be watched — shell
import type { Clock } from '@k0smotron-ts/runtime'
import type { HostedAPI } from '../hosted/observed.ts'
import { type Ask, probe } from './probe.ts'

export interface ProberDeps {
  readonly clock: Clock
  readonly random: () => number
  /** Called when an answer differs from the one before. */
  readonly onChange: (id: string) => void
}

/** What to ask, and when to start over: a new identity (a pod got ready, another endpoint) is asked at once. */
export interface Subject {
  readonly identity: string
  readonly ask: () => Ask
}

interface Watch {
  readonly identity: string
  readonly ask: Ask
  answer: HostedAPI | undefined
  waitMilliseconds: number
  cancel: () => void
}

const shortestWait = 1_000
const longestWait = 30_000

/**
 * One request at once, then after a second, backing off to half a minute, spread by a fifth so that a thousand clusters
 * do not ask together. Never blocks a pass: it returns the last answer and wakes the control plane when that changes.
 */
export class Prober {
  readonly #deps: ProberDeps
  readonly #watches = new Map<string, Watch>()

  constructor(deps: ProberDeps) {
    this.#deps = deps
  }

  /** The last answer; `undefined` before the first. */
  look(id: string, { identity, ask }: Subject): HostedAPI | undefined {
    const known = this.#watches.get(id)
    if (known?.identity === identity) return known.answer
    this.forget(id)
    const watch = { identity, ask: ask(), answer: undefined, waitMilliseconds: shortestWait, cancel: () => {} }
    this.#watches.set(id, watch)
    void this.#turn(id, watch)
    return watch.answer
  }

  forget(id: string): void {
    const watch = this.#watches.get(id)
    this.#watches.delete(id)
    watch?.cancel()
    watch?.ask.close()
  }

  close(): void {
    for (const id of this.#watches.keys()) this.forget(id)
  }

  async #turn(id: string, watch: Watch): Promise<void> {
    const answer = await probe(watch.ask, watch.answer)
    if (this.#watches.get(id) !== watch) return // forgotten while it was asked
    const hasChanged = JSON.stringify(answer) !== JSON.stringify(watch.answer)
    watch.answer = answer
    const wait = answer.ready ? longestWait : watch.waitMilliseconds
    watch.waitMilliseconds = answer.ready ? shortestWait : Math.min(wait * 2, longestWait)
    const spread = 0.8 + 0.4 * this.#deps.random()
    watch.cancel = this.#deps.clock.after(wait * spread, () => void this.#turn(id, watch))
    if (hasChanged) this.#deps.onChange(id)
  }
}

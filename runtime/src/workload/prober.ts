// When to ask whether an API server answers: nothing tells us, so it is asked again and again — shell
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import type { WorkloadAnswer } from './answer.ts'

/** What one question came to. */
export interface Finding {
  readonly answer: WorkloadAnswer
  /** Nothing listens there: a matter of a moment when a pod has just started. */
  readonly wasRefused?: boolean
  /** The server says when to come back. */
  readonly retryAfterMs?: number | undefined
  /** Why nobody answers; for the log. */
  readonly code?: string
}

export interface ProberDeps {
  readonly clock: Clock
  readonly random: () => number
  /** Asks once; never throws. */
  readonly ask: (before: WorkloadAnswer | undefined) => Promise<Finding>
  /** The answer is not what it was. */
  readonly onChange: () => void
  /** Ask on while all is well too; else only what goes wrong with a request makes it ask again. */
  readonly asksWhileReady: boolean
}

export interface Doubt {
  /** How often in a row it failed. */
  readonly failures?: number
  readonly retryAfterMs?: number | undefined
}

interface Pause {
  readonly pauseMs: number
  readonly retryAfterMs: number
}

const refusedMs = 200
const shortestMs = 1_000
const maxMs = 30_000

const maxRetryAfterMs = limits.workloadRetryAfterMilliseconds.value

/** Asks at once when started, and never twice at a time. Its answer stays known while it rests. */
export class Prober {
  readonly #deps: ProberDeps
  #answer: WorkloadAnswer | undefined
  #failures = 0
  #isAsking = false
  #isWanted = false
  #cancel: (() => void) | undefined

  constructor(deps: ProberDeps) {
    this.#deps = deps
  }

  /** `undefined` before the first. */
  get answer(): WorkloadAnswer | undefined {
    return this.#answer
  }

  /** Somebody wants to know. */
  start(): void {
    this.#isWanted = true
    const isResting = !this.#isAsking && this.#cancel === undefined
    if (isResting && (this.#deps.asksWhileReady || !this.#answer?.ready)) void this.#ask()
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#isWanted = false
    this.#cancel?.()
    this.#cancel = undefined
  }

  /**
   * A request found that it does not answer; it is asked again after a pause. One fault is seen by every request under
   * way: only the first of them tells something new.
   */
  doubt(message: string, { failures = 1, retryAfterMs = 0 }: Doubt = {}): void {
    if (!this.#answer?.ready) return
    this.#failures = failures
    this.#learn({ ...this.#answer, ready: false, message }, { pauseMs: pauseAfter(failures), retryAfterMs })
  }

  async #ask(): Promise<void> {
    this.#cancel = undefined
    this.#isAsking = true
    const { answer, wasRefused = false, retryAfterMs = 0 } = await this.#deps.ask(this.#answer)
    this.#isAsking = false
    this.#failures = answer.ready ? 0 : this.#failures + 1
    const pauseMs = answer.ready ? maxMs : pauseAfter(this.#failures, wasRefused)
    this.#learn(answer, { pauseMs, retryAfterMs })
  }

  #learn(answer: WorkloadAnswer, pause: Pause): void {
    const isNews = !isSame(answer, this.#answer)
    this.#answer = answer
    this.#schedule(pause)
    if (isNews && this.#isWanted) this.#deps.onChange()
  }

  /** Spread by a fifth, so that a thousand clusters do not come together. */
  #schedule({ pauseMs, retryAfterMs }: Pause): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (!this.#isWanted || this.#isAsking || (this.#answer?.ready && !this.#deps.asksWhileReady)) return
    const { clock, random } = this.#deps
    const delayMs = Math.max(pauseMs * (0.8 + 0.4 * random()), Math.min(retryAfterMs, maxRetryAfterMs))
    this.#cancel = clock.after(delayMs, () => void this.#ask())
  }
}

function isSame(a: WorkloadAnswer, b: WorkloadAnswer | undefined): boolean {
  return (['ready', 'message', 'version', 'endpoint'] as const).every(field => a[field] === b?.[field])
}

/** A second, then twice as long each time, up to half a minute; only the first refusal is followed by a fifth of a second. */
export function pauseAfter(failures: number, wasRefused = false): number {
  if (failures === 1 && wasRefused) return refusedMs
  return Math.min(maxMs, shortestMs * 2 ** Math.max(0, failures - (wasRefused ? 2 : 1)))
}

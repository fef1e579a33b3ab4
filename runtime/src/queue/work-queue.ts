// Keys that wait for a worker, and the workers — shell
import type { Clock } from '../clock.ts'
import { backoffMs } from './backoff.ts'

/** Told what happens to keys; times in milliseconds. */
export interface QueueObserver {
  added(): void
  taken(waitedMs: number): void
  finished(workedMs: number): void
  retried(): void
}

export interface QueueOptions {
  readonly concurrency: number
  readonly clock: Clock
  readonly random: () => number
  readonly observer?: QueueObserver
  /** Never rejects: what a failure means is the caller's policy. */
  readonly work: (key: string) => Promise<void>
}

interface Deadline {
  readonly at: number
  readonly cancel: () => void
}

/**
 * Every key that is added is worked on after that moment, by one worker at a time; adding it again before that changes
 * nothing, and adding it while it is worked on brings it back once. First come, first served. Nothing is ever dropped
 * before `stop`, because nothing is bounded but the number of workers: there is one entry per key.
 */
export class WorkQueue {
  readonly #options: QueueOptions
  readonly #waiting = new Map<string, number>()
  readonly #running = new Map<string, number>()
  /** Added while running. */
  readonly #again = new Map<string, number>()
  readonly #deadlines = new Map<string, Deadline>()
  readonly #failures = new Map<string, number>()
  #state: 'closed' | 'open' | 'stopped' = 'closed'
  #pumping = false
  readonly #drained = Promise.withResolvers<void>()

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Keys may be added before; workers take none until now. */
  start(): void {
    if (this.#state === 'closed') this.#state = 'open'
    this.#pump()
  }

  add(key: string): void {
    if (this.#state === 'stopped') return
    const lane = this.#running.has(key) ? this.#again : this.#waiting
    if (lane.has(key)) return
    lane.set(key, this.#options.clock.elapsed())
    this.#options.observer?.added()
    this.#pump()
  }

  /** Adds the key when the time is over. Of two deadlines of a key the earlier one stands. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#state === 'stopped') return
    const { clock } = this.#options
    const at = clock.elapsed() + Math.max(0, milliseconds)
    const standing = this.#deadlines.get(key)
    if (standing && standing.at <= at) return
    standing?.cancel()
    const cancel = clock.after(milliseconds, () => {
      this.#deadlines.delete(key)
      this.add(key)
    })
    this.#deadlines.set(key, { at, cancel })
  }

  /** Adds the key after a delay that grows with each failure in a row. */
  retry(key: string): void {
    const failures = this.#failures.get(key) ?? 0
    this.#failures.set(key, failures + 1)
    this.#options.observer?.retried()
    this.addAfter(key, backoffMs(failures, this.#options.random()))
  }

  /** The key's failures and its deadline are history: a pass that got through has decided anew when to be woken. */
  forget(key: string): void {
    this.#failures.delete(key)
    this.#deadlines.get(key)?.cancel()
    this.#deadlines.delete(key)
  }

  /** Takes no further key; resolves when the last running one is finished. */
  stop(): Promise<void> {
    this.#state = 'stopped'
    for (const { cancel } of this.#deadlines.values()) cancel()
    this.#deadlines.clear()
    this.#settleStop()
    return this.#drained.promise
  }

  get depth(): number {
    return this.#waiting.size
  }

  get active(): number {
    return this.#running.size
  }

  /** For how long each running key has been worked on. */
  runningMs(): readonly number[] {
    const now = this.#options.clock.elapsed()
    return [...this.#running.values()].map(since => now - since)
  }

  /** One key per turn of the event loop: passes without I/O are promises only, and would starve lease and probes. */
  #pump(): void {
    if (this.#pumping || !this.#canTake()) return
    this.#pumping = true
    this.#options.clock.soon(() => {
      this.#pumping = false
      if (this.#canTake()) void this.#take()
      this.#pump()
    })
  }

  #canTake(): boolean {
    return this.#state === 'open' && this.#waiting.size > 0 && this.#running.size < this.#options.concurrency
  }

  async #take(): Promise<void> {
    const [next] = this.#waiting
    if (!next) return
    const [key, addedAt] = next
    const { clock, observer, work } = this.#options
    const startedAt = clock.elapsed()
    this.#waiting.delete(key)
    this.#running.set(key, startedAt)
    observer?.taken(startedAt - addedAt)
    try {
      await work(key)
    } finally {
      observer?.finished(clock.elapsed() - startedAt)
      this.#finish(key)
    }
  }

  #finish(key: string): void {
    this.#running.delete(key)
    const addedAt = this.#again.get(key)
    this.#again.delete(key)
    if (addedAt !== undefined) this.#waiting.set(key, addedAt)
    this.#settleStop()
    this.#pump()
  }

  #settleStop(): void {
    if (this.#state === 'stopped' && this.#running.size === 0) this.#drained.resolve()
  }
}

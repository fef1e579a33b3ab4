// Keys that wait for a worker, and the workers — shell
import type { Clock } from '../clock.ts'
import { namespaceOf } from '../key.ts'
import { limits } from '../limits.ts'
import { askedForMs, backoffMs, overdueMs } from './backoff.ts'
import { Brake } from './brake.ts'
import { KeyTimers } from './key-timers.ts'
import { type Asking, Shares } from './shares.ts'
import { Turns, type Waiting } from './turns.ts'

/** Told what happens to keys; times in milliseconds. */
export interface QueueObserver {
  added(): void
  taken(waitedMs: number): void
  finished(workedMs: number): void
  retried(): void
  /** A key was worked on so often lately that its next pass has to wait. */
  braked(): void
}

export interface QueueOptions {
  /** Workers for the keys of one namespace; all together there are some more. */
  readonly concurrency: number
  readonly clock: Clock
  readonly random: () => number
  readonly observer?: QueueObserver
  /** Never rejects: what a failure means is the caller's policy. */
  readonly work: (key: string) => Promise<void>
}

const workersForOthers = limits.workersForOthers.value

/** Why a key is added: something changed, or its own pass wrote something. */
export type Cause = 'change' | 'ownWrite'

interface Again {
  readonly addedAt: number
  readonly cause: Cause
}

/**
 * Every key that is added is worked on after that moment, by one worker at a time; adding it again before that changes
 * nothing, and adding it while it is worked on brings it back once. In which order, `Turns` says; how often, `Brake`.
 * Nothing is ever dropped before `stop`, because nothing is bounded but the number of workers: there is one entry per key.
 */
export class WorkQueue {
  readonly #options: QueueOptions
  readonly #turns = new Turns()
  readonly #brake = new Brake()
  readonly #shares: Shares
  readonly #braked: KeyTimers
  readonly #deadlines: KeyTimers
  readonly #running = new Map<string, number>()
  /** Of the running ones, those whose pass waits for somebody outside: once for each thing that it waits for. */
  readonly #away = new Map<string, Set<symbol>>()
  /** Added while running. */
  readonly #again = new Map<string, Again>()
  /** How often in a row a key did not get on. */
  readonly #failures = new Map<string, number>()
  /** When the server that refused a key's last pass wants to be asked again. */
  readonly #notBefore = new Map<string, number>()
  #state: 'closed' | 'open' | 'stopped' = 'closed'
  #pumping = false
  readonly #drained = Promise.withResolvers<void>()

  constructor(options: QueueOptions) {
    this.#options = options
    this.#shares = new Shares(options.concurrency)
    this.#braked = new KeyTimers(options.clock, key => this.#line(key, options.clock.elapsed()))
    this.#deadlines = new KeyTimers(options.clock, key => this.add(key))
  }

  /** Keys may be added before; workers take none until now. Those without news come last. */
  start(hasNews: (key: string) => boolean = () => true): void {
    if (this.#state === 'closed') this.#state = 'open'
    this.#turns.postpone(hasNews)
    this.#pump()
  }

  add(key: string, cause: Cause = 'change'): void {
    if (this.#state === 'stopped') return
    if (!this.#has(key)) this.#options.observer?.added()
    if (this.#running.has(key)) this.#addAgain(key, cause)
    else if (!this.#braked.has(key)) this.#admit(key, this.#options.clock.elapsed())
  }

  /** As `add`, but a place outside is kept for its pass: others wait for that place while a brake holds the key. */
  invite(key: string): void {
    this.add(key)
    if (!this.#braked.has(key)) return
    this.#braked.cancel(key)
    this.#line(key, this.#options.clock.elapsed())
  }

  /** Adds the key when the time is over. Of two deadlines of a key the earlier one stands. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#state !== 'stopped') this.#deadlines.advance(key, milliseconds)
  }

  /** Adds the key after a delay that grows with each failure in a row. Before the server said, nothing else adds it either. */
  retry(key: string, atLeastMs = 0): void {
    const { clock, observer, random } = this.#options
    const spread = random()
    observer?.retried()
    this.#notBefore.set(key, clock.elapsed() + askedForMs(atLeastMs, spread))
    this.#backOff(key, failures => backoffMs(failures, spread, atLeastMs))
  }

  /** Adds the key for a deadline that is over already, after a delay that grows each time in a row. */
  addOverdue(key: string): void {
    this.#backOff(key, times => overdueMs(times, this.#options.random()))
  }

  /** The key's failures and its deadline are history: a pass that got through has decided anew when to be woken. */
  forget(key: string): void {
    this.#failures.delete(key)
    this.#notBefore.delete(key)
    this.#deadlines.cancel(key)
  }

  /** The key's pass waits for somebody outside until the answer is called: meanwhile its worker serves another key. */
  away(key: string): () => void {
    const [waits, one] = [this.#away.get(key) ?? new Set<symbol>(), Symbol(key)]
    if (this.#running.has(key)) this.#away.set(key, waits.add(one))
    this.#pump()
    return () => {
      waits.delete(one)
      if (waits.size === 0 && this.#away.get(key) === waits) this.#away.delete(key)
    }
  }

  /** Takes no further key; resolves when the last running one is finished. */
  stop(): Promise<void> {
    this.#state = 'stopped'
    this.#deadlines.cancelAll()
    this.#braked.cancelAll()
    this.#settleStop()
    return this.#drained.promise
  }

  get depth(): number {
    return this.#turns.size
  }

  get active(): number {
    return this.#running.size
  }

  /** For how long each running key has been worked on. */
  runningMs(): readonly number[] {
    const now = this.#options.clock.elapsed()
    return [...this.#running.values()].map(since => now - since)
  }

  #has(key: string): boolean {
    return this.#running.has(key) ? this.#again.has(key) : this.#turns.has(key) || this.#braked.has(key)
  }

  #addAgain(key: string, cause: Cause): void {
    const known = this.#again.get(key)
    if (known?.cause === 'change') return
    this.#again.set(key, { addedAt: known?.addedAt ?? this.#options.clock.elapsed(), cause })
  }

  #admit(key: string, addedAt: number): void {
    const now = this.#options.clock.elapsed()
    const brakeMs = this.#brake.waitMs(key, now)
    if (brakeMs > 0) this.#options.observer?.braked()
    const waitMs = Math.max(brakeMs, (this.#notBefore.get(key) ?? now) - now)
    if (waitMs > 0) this.#braked.replace(key, waitMs)
    else this.#line(key, addedAt)
  }

  #line(key: string, addedAt: number): void {
    this.#turns.add(key, addedAt)
    this.#pump()
  }

  #backOff(key: string, delayMs: (times: number) => number): void {
    const times = this.#failures.get(key) ?? 0
    this.#failures.set(key, times + 1)
    if (this.#state !== 'stopped') this.#deadlines.replace(key, delayMs(times))
  }

  /** One key per turn of the event loop: passes without I/O are promises only, and would starve lease and probes. */
  #pump(): void {
    if (this.#pumping || !this.#canTake()) return
    this.#pumping = true
    this.#options.clock.soon(() => {
      this.#pumping = false
      const next = this.#canTake() ? this.#turns.take(namespace => this.#hasTurn(namespace)) : undefined
      if (!next) return
      void this.#take(next)
      this.#pump()
    })
  }

  #canTake(): boolean {
    const workers = this.#options.concurrency + workersForOthers
    return this.#state === 'open' && this.#turns.size > 0 && this.#running.size - this.#away.size < workers
  }

  #hasTurn(namespace: string): boolean {
    const working = [...this.#running.keys()].filter(key => namespaceOf(key) === namespace && !this.#away.has(key))
    return working.length < this.#shares.of(this.#asking(namespace))
  }

  #asking(namespace: string): Asking {
    return { namespace, waiting: this.#turns.waitingOf(namespace), now: this.#options.clock.elapsed() }
  }

  async #take({ key, addedAt }: Waiting): Promise<void> {
    const { clock, observer, work } = this.#options
    const startedAt = clock.elapsed()
    this.#brake.taken(key, startedAt)
    this.#notBefore.delete(key)
    this.#running.set(key, startedAt)
    this.#shares.worked(this.#asking(namespaceOf(key)))
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
    this.#away.delete(key)
    this.#shares.worked(this.#asking(namespaceOf(key)))
    const again = this.#again.get(key)
    this.#again.delete(key)
    if (again && this.#state === 'open' && !this.#comesBack(key, again)) this.#admit(key, again.addedAt)
    this.#settleStop()
    this.#pump()
  }

  /** What a pass wrote itself does not shorten the delay after its failure: it would fail again at once, and write again. */
  #comesBack(key: string, { cause }: Again): boolean {
    return cause === 'ownWrite' && this.#failures.has(key) && this.#deadlines.has(key)
  }

  #settleStop(): void {
    if (this.#state === 'stopped' && this.#running.size === 0) this.#drained.resolve()
  }
}

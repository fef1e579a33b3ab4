// One hosted API server: the connection to it, and whether it leads anywhere — shell
import { createClient } from '../client/client.ts'
import type { Transport } from '../client/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { type BusyTransport, busyTransport } from './busy-transport.ts'
import { faultOfError, faultOfStatus, type Health, pauseAfter } from './health.ts'

export interface HostedServerDeps {
  readonly clock: Clock
  readonly random: () => number
  readonly transport: Transport
  /** It became reachable, or stopped being so. */
  readonly onChange: () => void
}

/** Longer silence than this is no answer: who waits for one cluster holds up others. */
const silenceMs = 5_000

/** Asks only when told to, and never twice at once. */
export class HostedServer {
  readonly client: Client
  readonly #deps: HostedServerDeps
  readonly #transport: BusyTransport
  /** Why it cannot be reached; `undefined` when it can, or nobody asked yet. */
  #fault: string | undefined
  #hasAnswered = false
  #isAsking = false
  #failures = 0
  #askAgainAt = 0

  constructor(deps: HostedServerDeps) {
    this.#deps = deps
    this.#transport = busyTransport(deps.transport, silenceMs)
    this.client = createClient(this.#transport, deps)
  }

  get isBusy(): boolean {
    return this.#transport.underWay() > 0
  }

  get health(): Health {
    if (!this.#hasAnswered) return { kind: 'unknown' }
    if (this.#fault === undefined) return { kind: 'reachable' }
    const retryInMs = this.#isAsking ? silenceMs : Math.max(0, this.#askAgainAt - this.#deps.clock.elapsed())
    return { kind: 'unreachable', message: this.#fault, retryInMs }
  }

  /** Asks beside the caller, if it was not asked yet or is to be asked again by now. */
  askIfDue(): void {
    const isDue = this.#fault !== undefined && this.#askAgainAt <= this.#deps.clock.elapsed()
    if (!this.#isAsking && (isDue || !this.#hasAnswered)) void this.#ask()
  }

  /**
   * What a request to it came to; true when the connection was at fault. One fault is seen by every request under way:
   * only the first of them tells something new, and only asking in vain makes the pauses longer.
   */
  failed(error: unknown): boolean {
    const fault = faultOfError(error)
    if (fault !== undefined && this.#fault === undefined) this.#learn(fault)
    return fault !== undefined
  }

  async #ask(): Promise<void> {
    this.#isAsking = true
    const fault = await faultOf(this.client)
    this.#isAsking = false
    this.#learn(fault)
  }

  #learn(fault: string | undefined): void {
    const isNews = !this.#hasAnswered || (fault === undefined) !== (this.#fault === undefined)
    this.#hasAnswered = true
    this.#fault = fault
    this.#failures = fault === undefined ? 0 : this.#failures + 1
    this.#askAgainAt = this.#deps.clock.elapsed() + pauseAfter(this.#failures, this.#deps.random())
    if (isNews) this.#deps.onChange()
  }
}

/** Never throws: not reaching anybody is an answer. */
async function faultOf(client: Client): Promise<string | undefined> {
  try {
    const { status } = await client.probe('/readyz', { timeoutMs: silenceMs })
    return faultOfStatus(status)
  } catch (error) {
    return faultOfError(error) ?? 'the API server cannot be asked'
  }
}

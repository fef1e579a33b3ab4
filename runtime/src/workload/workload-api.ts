// The API server of one workload cluster: the ways to it, whether it answers, and who works with it now — shell
import type { Bounds } from '../client/body/bounds.ts'
import { createClient } from '../client/client.ts'
import type { Transport } from '../client/transport/transport.ts'
import type { Client } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import type { Logger } from '../log.ts'
import { failureMessage, outageMessage, type WorkloadAnswer } from './answer.ts'
import {
  type Budget,
  type BusyTransport,
  budgetedTransport,
  busyTransport,
  type ServerAnswer,
} from './limited-transport.ts'
import { type Finding, Prober } from './prober.ts'
import { createQuestioner, type Questioner, type Way } from './question.ts'

export interface WorkloadAPIDeps {
  readonly clock: Clock
  /** How long the server takes. */
  readonly stopwatch: Clock
  readonly random: () => number
  readonly log: Logger
  /** Tried in this order. */
  readonly ways: readonly [Way, ...Way[]]
  /** What it answers is not what it was. */
  readonly onChange: () => void
  readonly asksWhileReady: boolean
  /** Shared with other servers. */
  readonly bounds: Bounds
  /** For what goes on beside passes, and may go on for ever. */
  readonly spent: NonNullable<Bounds['spent']>
}

const passMs = limits.workloadPassMilliseconds.value
const silenceMs = limits.workloadSilenceMilliseconds.value
const strikesUntilOutage = limits.workloadFailures.value
const quickMs = limits.workloadQuickMilliseconds.value
const distrustMs = limits.workloadDistrustMilliseconds.value

export class WorkloadAPI {
  readonly #deps: WorkloadAPIDeps
  readonly #ways: readonly (Way & { readonly transport: BusyTransport })[]
  readonly #questioner: Questioner
  readonly #prober: Prober
  readonly #transport: Transport
  /** For what goes on beside passes. The same one for as long as this exists. */
  readonly client: Client
  /** Answers of 429 or 5xx in a row. */
  #strikes = 0
  /** How often in a row it counted as not answering although it was ready. */
  #outages = 0
  #hasServed = false
  #distrustedUntil = 0

  constructor(deps: WorkloadAPIDeps) {
    this.#deps = deps
    const { clock, stopwatch, random, onChange, asksWhileReady } = deps
    const limited = (way: Way) => ({ ...way, transport: busyTransport(way.transport, silenceMs) })
    const [first, ...others] = deps.ways
    const ways = [limited(first), ...others.map(limited)] as const
    this.#ways = ways
    this.#questioner = createQuestioner({ ways, clock, stopwatch })
    this.#prober = new Prober({
      clock,
      random,
      onChange,
      asksWhileReady,
      ask: before => this.#ask(before),
    })
    this.#transport = throughCurrent(this.#questioner, ways)
    this.client = createClient(this.#transport, 'no repeats', { ...deps.bounds, spent: deps.spent })
  }

  /** `undefined` before the first. */
  get answer(): WorkloadAnswer | undefined {
    return this.#prober.answer
  }

  get isBusy(): boolean {
    return this.#ways.some(({ transport }) => transport.underWay() > 0)
  }

  /** It has served a pass, and none slowly of late. */
  get isProven(): boolean {
    return this.#hasServed && this.#deps.clock.elapsed() >= this.#distrustedUntil
  }

  /** Asks, if that is due, and goes on as long as somebody wants to know. */
  startAsking(): void {
    this.#prober.start()
  }

  stopAsking(): void {
    this.#prober.stop()
  }

  /** For one pass: nothing is sent twice, and all of it together has an end. `onWait`: as `Budget` has it. */
  clientForPass(onWait: () => () => void): Client {
    const budget: Budget = {
      clock: this.#deps.stopwatch,
      budgetMs: passMs,
      onWait,
      onSpent: spentMs => this.#learnPace(spentMs),
      onAnswer: answer => this.#learn(answer),
    }
    return createClient(budgetedTransport(this.#transport, budget), 'no repeats', this.#deps.bounds)
  }

  /** Why the server counts as not answering after this error of a request; `undefined`: it answered, and refused. */
  failed(error: unknown): string | undefined {
    const message = failureMessage(this.#questioner.current, error)
    if (message !== undefined) this.#doubt(message)
    return message ?? this.#outageOf(error)
  }

  close(): Promise<void> {
    this.#prober.stop()
    return this.#transport.close()
  }

  async #ask(before: WorkloadAnswer | undefined): Promise<Finding> {
    const finding = await this.#questioner.ask(before)
    const { message, ready } = finding.answer
    if (!ready && message !== before?.message) this.#deps.log.info({ message, code: finding.code }, 'No answer')
    return finding
  }

  #learnPace(spentMs: number): void {
    if (spentMs > quickMs) this.#distrustedUntil = this.#deps.clock.elapsed() + distrustMs
  }

  /** Only work counts: that `/readyz` answers does not end a series, so the pauses of one that fails all work grow. */
  #learn({ status, retryAfterMs }: ServerAnswer): void {
    if (!isServerFault(status)) {
      this.#strikes = 0
      this.#outages = 0
      this.#hasServed = true
      return
    }
    this.#strikes += 1
    if (retryAfterMs === undefined && this.#strikes < strikesUntilOutage) return
    this.#doubt(outageMessage(this.#questioner.current, status), retryAfterMs)
  }

  /** One fault is seen by every request under way: only the first of them counts. */
  #doubt(message: string, retryAfterMs?: number): void {
    if (!this.#prober.answer?.ready) return
    this.#outages += 1
    this.#prober.doubt(message, { failures: this.#outages, retryAfterMs })
  }

  #outageOf(error: unknown): string | undefined {
    const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : 0
    const answer = this.#prober.answer
    return isServerFault(code) && answer && !answer.ready ? answer.message : undefined
  }
}

const isServerFault = (status: number): boolean => status === 429 || status >= 500

/** A watch stays with the way that it began on. */
function throughCurrent(questioner: Questioner, ways: readonly Way[]): Transport {
  return {
    get host() {
      return questioner.current.transport.host
    },
    send: request => questioner.current.transport.send(request),
    close: async () => void (await Promise.all(ways.map(({ transport }) => transport.close()))),
  }
}

// How fast list-watches of workload clusters are read, and in which order — shell
import type { Bounds } from '../client/body/bounds.ts'
import type { Clock } from '../clock.ts'
import { namespaceOf } from '../key.ts'
import { limits } from '../limits.ts'

const bytesPerMs = limits.workloadReadBytes.value / 1_000
const burstMs = limits.workloadReadBurstBytes.value / bytesPerMs
const turnBytes = limits.workloadReadTurnBytes.value
const objectBytes = limits.workloadReadObjectBytes.value
const markBytes = limits.workloadReadMarkBytes.value

/** Between two that go on, so that what the first one reads counts before the second begins. */
const gapMs = 1

/**
 * Whatever these servers send, reading it takes a small part of the process: what comes faster waits in the network.
 * Beyond a burst, namespaces are read in turn, a piece at a time. Nobody waits for ever, so nobody calls a wait off.
 */
export class ReadTurns {
  readonly #clock: Clock
  /** When all that was read so far is worked off. */
  #workedOffAt = 0
  /** The namespace whose turn it is comes first; none is empty. */
  readonly #waiting = new Map<string, (() => void)[]>()
  #isArmed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** For all list-watches of one cluster. */
  readingOf(cluster: string): NonNullable<Bounds['spent']> {
    let unpaid = 0
    return ({ bytes = 0, objects = 0, marks = 0 }) => {
      unpaid += bytes + objects * objectBytes + marks * markBytes
      if (unpaid < turnBytes) return undefined
      const due = unpaid
      unpaid = 0
      return this.#pay(namespaceOf(cluster), due)
    }
  }

  #pay(namespace: string, bytes: number): Promise<void> | undefined {
    this.#workedOffAt = Math.max(this.#workedOffAt, this.#clock.elapsed()) + bytes / bytesPerMs
    if (this.#waiting.size === 0 && this.#overMs() <= 0) return undefined
    return new Promise(resolve => {
      this.#waiting.set(namespace, [...(this.#waiting.get(namespace) ?? []), resolve])
      this.#arm()
    })
  }

  /** How far what was read goes beyond the burst. */
  #overMs(): number {
    return this.#workedOffAt - burstMs - this.#clock.elapsed()
  }

  #arm(): void {
    if (this.#isArmed) return
    this.#isArmed = true
    this.#clock.after(Math.max(gapMs, this.#overMs()), () => {
      this.#isArmed = false
      this.#letNextGoOn()
      if (this.#waiting.size > 0) this.#arm()
    })
  }

  #letNextGoOn(): void {
    for (const [namespace, [first, ...others]] of this.#waiting) {
      this.#waiting.delete(namespace)
      if (others.length > 0) this.#waiting.set(namespace, others)
      first?.()
      return
    }
  }
}

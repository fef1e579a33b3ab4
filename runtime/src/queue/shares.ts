// How many workers the keys of one namespace may have at a time — core
import { limits } from '../limits.ts'

const workersOfCrowd = limits.workersOfCrowd.value
const lastingMs = limits.crowdMilliseconds.value

/** Of one namespace. */
export interface Asking {
  readonly namespace: string
  /** How many of its keys wait for a worker. */
  readonly waiting: number
  readonly now: number
}

/**
 * No namespace has all workers, so that a key of another finds one as soon as it comes. While keys of a namespace with few
 * are worked on, a crowd of another makes room: the passes of all share one processor. Crowds do not make room for each other.
 */
export class Shares {
  readonly #concurrency: number
  /** Until when a namespace with few keys counts as one that works. */
  readonly #untilOf = new Map<string, number>()

  constructor(concurrency: number) {
    this.#concurrency = concurrency
  }

  /** A pass of the namespace began or ended. */
  worked({ namespace, waiting, now }: Asking): void {
    this.#untilOf.delete(namespace)
    if (!this.#isCrowd(waiting)) this.#untilOf.set(namespace, now + lastingMs)
    this.#forgetRested(now)
  }

  of({ namespace, waiting, now }: Asking): number {
    this.#forgetRested(now)
    const others = this.#untilOf.size - (this.#untilOf.has(namespace) ? 1 : 0)
    return this.#isCrowd(waiting) && others > 0 ? Math.min(workersOfCrowd, this.#concurrency) : this.#concurrency
  }

  #isCrowd(waiting: number): boolean {
    return waiting > this.#concurrency
  }

  /** The one that worked least lately comes first. */
  #forgetRested(now: number): void {
    for (const [namespace, until] of this.#untilOf) {
      if (until > now) return
      this.#untilOf.delete(namespace)
    }
  }
}

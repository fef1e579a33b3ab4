// Since when workload clusters do not answer — core
import type { ObjectKey } from '@k0smotron-ts/api'
import { Lru, limits, printKey } from '@k0smotron-ts/runtime'

/** One answer that comes late is no outage. */
const reportedAfterMs = 10_000

const maxClusters = limits.silencesRemembered.value

export class Silences {
  readonly #since = new Lru<Date>(maxClusters)

  /** When the silence is worth telling; it begins with the first call. */
  reportedAt(cluster: ObjectKey, now: Date): Date {
    const name = printKey(cluster)
    const since = this.#since.get(name) ?? now
    this.#since.set(name, since)
    return new Date(since.getTime() + reportedAfterMs)
  }

  /** `namespace/name`. */
  end(cluster: string): void {
    this.#since.delete(cluster)
  }
}

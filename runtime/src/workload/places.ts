// How many work with workload clusters at a time — core
import { namespaceOf } from '../key.ts'
import { limits } from '../limits.ts'

const ofOneCluster = limits.workloadPasses.value
const ofNamespace = limits.workloadPassesOfNamespace.value
const ofAll = limits.workloadPassesOfAll.value
const ofUnproven = limits.workloadPassesUnproven.value

interface Place {
  /** `namespace/name`, as everywhere here. */
  readonly cluster: string
  /** When it was taken. */
  readonly isProven: boolean
}

export interface PlacesDeps {
  /** There is a place for the user now. */
  readonly invite: (user: string) => void
  /** The cluster has answered quickly of late; what one has not may not take the places of all. */
  readonly isProven: (cluster: string) => boolean
}

/**
 * Whoever finds no place waits as a value: first comes the namespace with the fewest places, its clusters in turn, and the
 * users of one in the order of coming. It is woken with a place kept for it, until it took it or its next pass went by
 * without. A user works with one cluster at a time.
 */
export class Places {
  readonly #deps: PlacesDeps
  /** Also those that are kept for users who were woken. */
  readonly #taken = new Map<string, Place>()
  /** The cluster whose turn it is comes first; none is empty. */
  readonly #waiting = new Map<string, Set<string>>()

  constructor(deps: PlacesDeps) {
    this.#deps = deps
  }

  /** False: there is no place now, and the user is woken when there is one. */
  enter(user: string, cluster: string): boolean {
    const has = this.#taken.get(user)
    if (has?.cluster === cluster) return true
    if (has) this.leave(user)
    if (!this.#hasRoom(cluster)) {
      this.#wait(user, cluster)
      return false
    }
    this.#stopWaiting(user)
    this.#take(user, cluster)
    return true
  }

  /** The user's pass is over: its place is free, also one that was kept for it and not taken. */
  leave(user: string): void {
    if (this.#taken.delete(user)) this.#inviteNext()
  }

  /** The user does not want a place any more. */
  forget(user: string): void {
    this.#stopWaiting(user)
    this.leave(user)
  }

  #hasRoom(cluster: string): boolean {
    const places = [...this.#taken.values()]
    if (places.length >= ofAll || places.filter(one => one.cluster === cluster).length >= ofOneCluster) return false
    if ((this.#byNamespace().get(namespaceOf(cluster)) ?? 0) >= ofNamespace) return false
    return this.#deps.isProven(cluster) || places.filter(({ isProven }) => !isProven).length < ofUnproven
  }

  #take(user: string, cluster: string): void {
    this.#taken.set(user, { cluster, isProven: this.#deps.isProven(cluster) })
  }

  #wait(user: string, cluster: string): void {
    const users = this.#waiting.get(cluster) ?? new Set()
    this.#waiting.set(cluster, users.add(user))
  }

  #stopWaiting(user: string): void {
    for (const [cluster, users] of this.#waiting) {
      if (users.delete(user) && users.size === 0) this.#waiting.delete(cluster)
    }
  }

  /** How many places the clusters of each have. */
  #byNamespace(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { cluster } of this.#taken.values()) {
      const namespace = namespaceOf(cluster)
      counts.set(namespace, (counts.get(namespace) ?? 0) + 1)
    }
    return counts
  }

  #inviteNext(): void {
    const counts = this.#byNamespace()
    const placesOf = ([cluster]: readonly [string, unknown]): number => counts.get(namespaceOf(cluster)) ?? 0
    for (const [cluster, users] of [...this.#waiting].toSorted((a, b) => placesOf(a) - placesOf(b))) {
      if (this.#taken.size >= ofAll) return
      const [user] = users
      if (user === undefined || !this.#hasRoom(cluster)) continue
      users.delete(user)
      this.#waiting.delete(cluster)
      if (users.size > 0) this.#waiting.set(cluster, users)
      this.#take(user, cluster)
      this.#deps.invite(user)
    }
  }
}

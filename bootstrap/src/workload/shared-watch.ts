// A list-watch in a workload cluster, kept for as long as someone waits for what it shows — shell
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import {
  type Change,
  type Client,
  type Clock,
  type Logger,
  limits,
  parseKey,
  printKey,
  type Store,
  type WatchedType,
} from '@k0smotron-ts/runtime'
import { createCache, type Workload } from '@k0smotron-ts/runtime/shell'
import type { Remembering, WatchMemory } from './watch-memory.ts'

export interface SharedWatchDeps<T extends KubeObject> {
  readonly watched: WatchedType<T>
  /** Whom an object concerns: users name the same. */
  readonly subjectOf: (object: T) => string
  readonly wake: (user: ObjectKey) => void
  readonly fieldManager: string
  readonly memory: WatchMemory
  readonly clock: Clock
  readonly random: () => number
  readonly log: Logger
}

/** Who looks, and for what. */
export interface Looking {
  readonly user: ObjectKey
  readonly subject: string
}

/** Where it looks. */
export interface WatchedCluster extends Pick<Workload, 'watches' | 'hold'> {
  /** `namespace/name` of the Cluster. */
  readonly cluster: string
}

interface Running<T extends KubeObject> {
  readonly client: Client
  readonly store: Store<T>
  readonly end: () => void
  /** Subject by user. */
  readonly users: Map<string, string>
  isComplete: boolean
}

const index = 'subject'

/** A cluster with too many objects: nobody looks there for a while. */
interface Resting {
  readonly users: Map<string, string>
  readonly callOff: () => void
}

/** One list-watch per cluster, whoever looks. It ends with the last user; a restart begins it again without a write. */
export class SharedWatch<T extends KubeObject> {
  readonly #deps: SharedWatchDeps<T>
  readonly #running = new Map<string, Running<T>>()
  readonly #resting = new Map<string, Resting>()
  #isClosed = false

  constructor(deps: SharedWatchDeps<T>) {
    this.#deps = deps
  }

  /** The objects that concern the subject; `undefined` until the first list is there. The user is woken by that and by every change. */
  look(where: WatchedCluster, { user, subject }: Looking): readonly T[] | undefined {
    if (this.#isClosed) return undefined // a pass that outlived the shutdown starts nothing that nobody would end
    const resting = this.#resting.get(where.cluster)
    if (resting) {
      resting.users.set(printKey(user), subject)
      return undefined
    }
    const known = this.#running.get(where.cluster)
    const running = known?.client === where.watches ? known : this.#restart(where, known)
    running.users.set(printKey(user), subject)
    return running.isComplete ? running.store.by(index, subject) : undefined
  }

  /** There are too many objects: the user looks in vain, and is woken when they are listed again. */
  isInVain(cluster: string, user: ObjectKey): boolean {
    return this.#resting.get(cluster)?.users.has(printKey(user)) ?? false
  }

  /** Tells what a write of ours returned, so that the next pass does not decide on what was before. */
  learn(cluster: string, written: T): void {
    this.#running.get(cluster)?.store.learn(written)
  }

  leave(user: ObjectKey): void {
    for (const { users } of this.#resting.values()) users.delete(printKey(user))
    for (const [cluster, running] of this.#running) {
      if (!running.users.delete(printKey(user)) || running.users.size > 0) continue
      this.#running.delete(cluster)
      running.end()
    }
  }

  close(): void {
    this.#isClosed = true
    for (const running of this.#running.values()) running.end()
    for (const { callOff } of this.#resting.values()) callOff()
    this.#running.clear()
    this.#resting.clear()
  }

  /** With another credential it begins anew; those who look go on looking. */
  #restart({ cluster, watches: client, hold }: WatchedCluster, known: Running<T> | undefined): Running<T> {
    known?.end()
    const { watched, subjectOf, clock, random, log } = this.#deps
    const remembering: Remembering = { cluster, giveWay: () => this.#giveWay(cluster) }
    const memory = this.#deps.memory.begin(remembering)
    const pacing = { clock, random }
    const cache = createCache({ ...this.#deps, client, memory, pacing, log: log.child({ Cluster: cluster }) })
    const store = cache.watched({ ...watched, indexes: { [index]: object => [subjectOf(object)] } })
    const stop = new AbortController()
    const users = known?.users ?? new Map<string, string>()
    const release = hold()
    const end = (): void => {
      stop.abort()
      release()
      this.#deps.memory.end(remembering)
    }
    const running: Running<T> = { client, store, users, end, isComplete: false }
    store.onChange(change => running.isComplete && this.#wakeFor(running, change))
    cache.start(stop.signal).then(
      () => {
        running.isComplete = true
        this.#wakeAll(running)
      },
      () => undefined, // stopped before the first list
    )
    this.#running.set(cluster, running)
    return running
  }

  #giveWay(cluster: string): void {
    const running = this.#running.get(cluster)
    if (!running) return
    const { clock, log, watched } = this.#deps
    running.end()
    this.#running.delete(cluster)
    log.error({ Cluster: cluster, of: watched.type.kind }, 'Ending a watch that remembers too much')
    const end = (): void => {
      this.#resting.delete(cluster)
      this.#wakeAll(running)
    }
    const callOff = clock.after(limits.workloadRestMilliseconds.value, end)
    this.#resting.set(cluster, { users: running.users, callOff })
    this.#wakeAll(running)
  }

  #wakeAll({ users }: Pick<Running<T>, 'users'>): void {
    for (const user of users.keys()) this.#deps.wake(parseKey(user))
  }

  #wakeFor({ users }: Running<T>, { before, after }: Change<T>): void {
    if (before && after && isDeepStrictEqual(withoutVersion(before), withoutVersion(after))) return // a heartbeat
    const { subjectOf, wake } = this.#deps
    const subjects = [before, after].flatMap(object => (object ? [subjectOf(object)] : []))
    for (const [user, subject] of users) if (subjects.includes(subject)) wake(parseKey(user))
  }
}

function withoutVersion({ metadata, ...rest }: KubeObject): object {
  const { resourceVersion: _, ...lasting } = metadata
  return { ...rest, metadata: lasting }
}

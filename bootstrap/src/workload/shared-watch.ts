// A list-watch in a workload cluster, kept for as long as someone waits for what it shows — shell
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import {
  type Change,
  type Client,
  type Clock,
  type Logger,
  parseKey,
  printKey,
  type Store,
  type WatchedType,
} from '@k0smotron-ts/runtime'
import { createCache, type Workload } from '@k0smotron-ts/runtime/shell'

export interface SharedWatchDeps<T extends KubeObject> {
  readonly watched: WatchedType<T>
  /** Whom an object concerns: users name the same. */
  readonly subjectOf: (object: T) => string
  readonly wake: (user: ObjectKey) => void
  readonly fieldManager: string
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
  readonly release: () => void
  readonly store: Store<T>
  readonly stop: AbortController
  /** Subject by user. */
  readonly users: Map<string, string>
  isComplete: boolean
}

const index = 'subject'

/** One list-watch per cluster, whoever looks. It ends with the last user; a restart begins it again without a write. */
export class SharedWatch<T extends KubeObject> {
  readonly #deps: SharedWatchDeps<T>
  readonly #running = new Map<string, Running<T>>()
  #isClosed = false

  constructor(deps: SharedWatchDeps<T>) {
    this.#deps = deps
  }

  /** The objects that concern the subject; `undefined` until the first list is there. The user is woken by that and by every change. */
  look(where: WatchedCluster, { user, subject }: Looking): readonly T[] | undefined {
    if (this.#isClosed) return undefined // a pass that outlived the shutdown starts nothing that nobody would end
    const known = this.#running.get(where.cluster)
    const running = known?.client === where.watches ? known : this.#restart(where, known)
    running.users.set(printKey(user), subject)
    return running.isComplete ? running.store.by(index, subject) : undefined
  }

  /** Tells what a write of ours returned, so that the next pass does not decide on what was before. */
  learn(cluster: string, written: T): void {
    this.#running.get(cluster)?.store.learn(written)
  }

  leave(user: ObjectKey): void {
    for (const [cluster, running] of this.#running) {
      if (!running.users.delete(printKey(user)) || running.users.size > 0) continue
      this.#running.delete(cluster)
      end(running)
    }
  }

  close(): void {
    this.#isClosed = true
    for (const running of this.#running.values()) end(running)
    this.#running.clear()
  }

  /** With another credential it begins anew; those who look go on looking. */
  #restart({ cluster, watches: client, hold }: WatchedCluster, known: Running<T> | undefined): Running<T> {
    if (known) end(known)
    const { watched, subjectOf, fieldManager, clock, random, log } = this.#deps
    const cache = createCache({ client, fieldManager, log: log.child({ Cluster: cluster }), pacing: { clock, random } })
    const store = cache.watched({ ...watched, indexes: { [index]: object => [subjectOf(object)] } })
    const stop = new AbortController()
    const users = known?.users ?? new Map<string, string>()
    const running: Running<T> = { client, store, stop, users, release: hold(), isComplete: false }
    store.onChange(change => running.isComplete && this.#wakeFor(running, change))
    cache.start(stop.signal).then(
      () => {
        running.isComplete = true
        for (const user of running.users.keys()) this.#deps.wake(parseKey(user))
      },
      () => undefined, // stopped before the first list
    )
    this.#running.set(cluster, running)
    return running
  }

  #wakeFor({ users }: Running<T>, { before, after }: Change<T>): void {
    if (before && after && isDeepStrictEqual(withoutVersion(before), withoutVersion(after))) return // a heartbeat
    const { subjectOf, wake } = this.#deps
    const subjects = [before, after].flatMap(object => (object ? [subjectOf(object)] : []))
    for (const [user, subject] of users) if (subjects.includes(subject)) wake(parseKey(user))
  }
}

function end({ stop, release }: Pick<Running<KubeObject>, 'stop' | 'release'>): void {
  stop.abort()
  release()
}

function withoutVersion({ metadata, ...rest }: KubeObject): object {
  const { resourceVersion: _, ...lasting } = metadata
  return { ...rest, metadata: lasting }
}

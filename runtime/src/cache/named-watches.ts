// Single objects, each watched for as long as someone asks for it — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { keyOf, printKey } from '../key.ts'
import { limits } from '../limits.ts'
import type { Logger } from '../log.ts'
import type { Sink } from '../watch/types.ts'
import type { LookAgain } from './look-again.ts'
import { nameSelector } from './selection.ts'
import type { ObjectStore } from './store.ts'
import type { Cache, NamedUser, WatchedType } from './types.ts'

/** What opening a list-watch takes. */
export interface Opener {
  store<T extends KubeObject>(watched: WatchedType<T>): ObjectStore<T>
  follow<T extends KubeObject>(watched: WatchedType<T>, sink: Sink<T>, signal: AbortSignal): void
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>
}

interface NamedWatch {
  readonly namespace: string
  readonly users: Set<NamedUser>
  readonly store: ObjectStore<KubeObject>
  readonly stop: AbortController
  readonly firstAnswer: PromiseWithResolvers<void>
  state: 'asking' | 'failed' | 'known' | 'ended'
  /** Why the first list has not come yet. */
  failure?: unknown
}

/**
 * Users share the watch of an object. A first answer that is a failure is thrown, at once for whoever asks meanwhile:
 * a pass must not wait for what may take long; it is woken when the answer comes. Where there are as many watches as
 * may be, the object is read at each call, and the user is woken in turn to look again.
 */
export class NamedWatches implements Pick<Cache, 'named' | 'release'> {
  readonly #open: Opener
  readonly #lookAgain: LookAgain
  readonly #log: Logger
  readonly #watches = new Map<string, NamedWatch>()
  /** Watches by namespace. */
  readonly #counts = new Map<string, number>()
  /** Namespaces of which the log says that they need more. */
  readonly #reported = new Set<string>()
  #closed = false

  constructor(open: Opener, lookAgain: LookAgain, log: Logger) {
    this.#open = open
    this.#lookAgain = lookAgain
    this.#log = log
  }

  async named<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, user: NamedUser): Promise<T | undefined> {
    const id = idOf(type, key)
    if (this.#closed) throw new Error(`${id} is not watched any more`)
    const watch = this.#watches.get(id) ?? this.#begin(type, key)
    if (!watch) return this.#readUnwatched(type, key, user)
    watch.users.add(user)
    await watch.firstAnswer.promise
    if (watch.state === 'failed') throw watch.failure
    if (watch.state === 'ended') throw new Error(`${id} is not watched any more`)
    if (watch.store.isLeftOut(key)) return this.#open.get(type, key)
    return watch.store.get(key) as T | undefined
  }

  #readUnwatched<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, user: NamedUser): Promise<T | undefined> {
    const { namespace = '' } = key
    if (!this.#reported.has(namespace)) this.#log.info({ namespace }, 'Looking again in turn')
    this.#reported.add(namespace)
    this.#lookAgain.add(namespace, user)
    return this.#open.get(type, key)
  }

  release(user: NamedUser, keep: readonly { readonly type: ResourceType; readonly key: ObjectKey }[]): void {
    const kept = new Set(keep.map(({ type, key }) => idOf(type, key)))
    if ([...kept].every(id => this.#watches.has(id))) this.#lookAgain.remove(user)
    for (const [id, watch] of this.#watches) {
      if (kept.has(id) || !watch.users.delete(user) || watch.users.size > 0) continue
      this.#watches.delete(id)
      this.#count(watch.namespace, -1)
      end(watch)
    }
  }

  learn(type: ResourceType, written: KubeObject): void {
    this.#watches.get(idOf(type, keyOf(written)))?.store.learn(written)
  }

  /** Ends all of them; who waits for a first answer gets an error. */
  close(): void {
    this.#closed = true
    for (const watch of this.#watches.values()) end(watch)
    this.#watches.clear()
    this.#lookAgain.close()
  }

  #begin(type: ResourceType, key: ObjectKey): NamedWatch | undefined {
    const { namespace, name } = key
    if (!this.#hasRoom(namespace ?? '')) return undefined
    const watched = { type, fieldSelector: nameSelector(name), ...(namespace === undefined ? {} : { namespace }) }
    const watch: NamedWatch = {
      namespace: namespace ?? '',
      users: new Set(),
      store: this.#open.store(watched),
      stop: new AbortController(),
      firstAnswer: Promise.withResolvers(),
      state: 'asking',
    }
    // Who waits for the first answer is not woken by it.
    const wake = (): void => {
      if (watch.state !== 'asking') wakeUsers(watch)
    }
    watch.store.onChange(wake)
    watch.store.onLeftOut(wake)
    this.#watches.set(idOf(type, key), watch)
    this.#count(watch.namespace, 1)
    this.#open.follow(watched, sinkOf(watch), watch.stop.signal)
    return watch
  }

  #hasRoom(namespace: string): boolean {
    const { namedWatches, namedWatchesOfNamespace } = limits
    const ofNamespace = this.#counts.get(namespace) ?? 0
    return this.#watches.size < namedWatches.value && ofNamespace < namedWatchesOfNamespace.value
  }

  #count(namespace: string, change: 1 | -1): void {
    const count = (this.#counts.get(namespace) ?? 0) + change
    if (change < 0) this.#reported.delete(namespace)
    if (count > 0) this.#counts.set(namespace, count)
    else this.#counts.delete(namespace)
  }
}

const idOf = ({ group, version, kind }: ResourceType, key: ObjectKey): string =>
  `${kind}.${version}.${group} ${printKey(key)}`

function sinkOf(watch: NamedWatch): Sink<KubeObject> {
  const { store, firstAnswer } = watch
  return {
    listed: objects => store.listed(objects),
    listEnded: (ids, resourceVersion) => {
      const failedBefore = watch.state === 'failed'
      store.listEnded(ids, resourceVersion)
      watch.state = 'known'
      firstAnswer.resolve()
      if (failedBefore) wakeUsers(watch) // the answer may be that there is no such object: no change, but news
    },
    observe: event => store.observe(event),
    failed: error => {
      if (watch.state === 'known') return 'goOn' // what was known stays; the watch is being renewed
      watch.state = 'failed'
      watch.failure = error
      firstAnswer.resolve()
      return 'goOn'
    },
  }
}

function end(watch: NamedWatch): void {
  watch.state = 'ended'
  watch.stop.abort()
  watch.store.close()
  watch.firstAnswer.resolve()
}

function wakeUsers({ users }: NamedWatch): void {
  for (const user of users) user.onChange()
}

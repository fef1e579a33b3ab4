// Single objects, each watched for as long as someone asks for it — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { printKey } from '../controller/key.ts'
import type { Sink } from '../watch/types.ts'
import { nameSelector } from './selection.ts'
import type { ObjectStore } from './store.ts'
import type { Cache, NamedUser, WatchedType } from './types.ts'

/** What opening a list-watch takes. */
export interface Opener {
  store<T extends KubeObject>(watched: WatchedType<T>): ObjectStore<T>
  follow<T extends KubeObject>(watched: WatchedType<T>, sink: Sink<T>, signal: AbortSignal): void
}

export interface NamedWatches extends Pick<Cache, 'named' | 'release'> {
  learn(type: ResourceType, written: KubeObject): void
  /** Ends all of them; who waits for a first answer gets an error. */
  close(): void
}

interface NamedWatch {
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
 * a pass must not wait for what may take long; it is woken when the answer comes.
 */
export function createNamedWatches(open: Opener): NamedWatches {
  const watches = new Map<string, NamedWatch>()
  let closed = false

  function begin(type: ResourceType, key: ObjectKey): NamedWatch {
    const { namespace, name } = key
    const watched = { type, fieldSelector: nameSelector(name), ...(namespace === undefined ? {} : { namespace }) }
    const watch: NamedWatch = {
      users: new Set(),
      store: open.store(watched),
      stop: new AbortController(),
      firstAnswer: Promise.withResolvers(),
      state: 'asking',
    }
    // Who waits for the first answer is not woken by it.
    watch.store.onChange(() => watch.state === 'asking' || wakeUsers(watch))
    open.follow(watched, sinkOf(watch), watch.stop.signal)
    return watch
  }

  return {
    async named<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, user: NamedUser): Promise<T | undefined> {
      const id = idOf(type, key)
      if (closed) throw new Error(`${id} is not watched any more`)
      const watch = watches.get(id) ?? begin(type, key)
      watches.set(id, watch)
      watch.users.add(user)
      await watch.firstAnswer.promise
      if (watch.state === 'failed') throw watch.failure
      if (watch.state === 'ended') throw new Error(`${id} is not watched any more`)
      return watch.store.get(key) as T | undefined
    },

    release(user, keep) {
      const kept = new Set(keep.map(({ type, key }) => idOf(type, key)))
      for (const [id, watch] of watches) {
        if (kept.has(id) || !watch.users.delete(user) || watch.users.size > 0) continue
        watches.delete(id)
        end(watch)
      }
    },

    learn: (type, written) => {
      const { namespace, name = '' } = written.metadata
      watches.get(idOf(type, namespace === undefined ? { name } : { namespace, name }))?.store.learn(written)
    },

    close: () => {
      closed = true
      for (const watch of watches.values()) end(watch)
      watches.clear()
    },
  }
}

const idOf = ({ group, kind }: ResourceType, key: ObjectKey): string => `${kind}.${group} ${printKey(key)}`

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
      if (watch.state === 'known') return // what was known stays; the watch is being renewed
      watch.state = 'failed'
      watch.failure = error
      firstAnswer.resolve()
    },
  }
}

function end(watch: NamedWatch): void {
  watch.state = 'ended'
  watch.stop.abort()
  watch.firstAnswer.resolve()
}

function wakeUsers({ users }: NamedWatch): void {
  for (const user of users) user.onChange()
}

// All list-watches of a process — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Pacing } from '../client/repeat.ts'
import type { Client } from '../client/types.ts'
import { sparingLog } from '../log/sparing-log.ts'
import type { Logger } from '../log.ts'
import { systemClock } from '../system-clock.ts'
import { listWatch } from '../watch/list-watch.ts'
import type { Sink } from '../watch/types.ts'
import { LookAgain } from './look-again.ts'
import { trimManagedFields } from './managed-fields.ts'
import { NamedWatches, type Opener } from './named-watches.ts'
import { ObjectMemory } from './object-memory.ts'
import { ObjectStore } from './store.ts'
import type { Cache, Memory, WatchedType } from './types.ts'
import { UnreadableKinds } from './unreadable.ts'

export interface CacheOptions {
  readonly client: Pick<Client, 'get' | 'page' | 'watch'>
  /** Whose entries of managedFields are remembered whole. */
  readonly fieldManager: string
  readonly log: Logger
  readonly pacing?: Pacing
  /** Absent: as much as a container as shipped has for them, by namespace. */
  readonly memory?: Memory
}

export interface SharedCache extends Cache {
  /** Tells what a write of ours returned to every list-watch that would bring it. */
  learn<T extends KubeObject>(type: ResourceType<T>, written: T): void
}

interface Declared {
  readonly watched: WatchedType
  readonly store: ObjectStore<KubeObject>
}

/** Declare everything, then start. Equal declarations share one list-watch; what they index is put together. */
export function createCache(options: CacheOptions): SharedCache {
  const declared = new Map<string, Declared>()
  const open = openerOf(options)
  const named = new NamedWatches(open, new LookAgain(options.pacing?.clock ?? systemClock), options.log)
  const unreadable = new UnreadableKinds()
  let started = false

  function declare(watched: WatchedType): Declared {
    const known = declared.get(idOf(watched))
    if (known) return shared(known, watched)
    if (started) throw new Error(`${idOf(watched)} is declared after the start`)
    const fresh = { watched, store: open.store(watched) }
    declared.set(idOf(watched), fresh)
    return fresh
  }

  return {
    // Sound: a store holds objects of its own type only; the map holds stores of many types.
    watched: <T extends KubeObject>(watched: WatchedType<T>) =>
      declare(watched as unknown as WatchedType).store as unknown as ObjectStore<T>,
    named: (type, key, user) => named.named(type, key, user),
    release: (user, keep) => named.release(user, keep),
    unreadable,
    learn: (type, written) => {
      for (const { watched, store } of declared.values()) if (isServedAs(watched.type, type)) store.learn(written)
      named.learn(type, written)
    },
    async start(signal) {
      signal.throwIfAborted()
      started = true
      signal.addEventListener('abort', () => named.close(), { once: true })
      const lists = [...declared.values()].map(one => firstList({ open, unreadable }, one, signal))
      await Promise.all(lists)
    },
  }
}

/** Another version of the same kind has another shape. */
function isServedAs(a: ResourceType, b: ResourceType): boolean {
  return a.group === b.group && a.version === b.version && a.kind === b.kind
}

function idOf({ type, namespace, labelSelector, fieldSelector }: WatchedType): string {
  return [`${type.plural}.${type.version}.${type.group}`, namespace, labelSelector, fieldSelector].join(' ')
}

function shared(known: Declared, watched: WatchedType): Declared {
  // Functions cannot be compared: with another `keep`, one of the two would miss what it reads.
  if (known.watched.keep !== watched.keep)
    throw new Error(`${idOf(watched)} is declared twice, keeping different parts`)
  known.store.declareIndexes(watched.indexes)
  return known
}

interface Listing {
  readonly open: Opener
  readonly unreadable: UnreadableKinds
}

/** Resolves with the first list, or when the kind cannot be read: the others need not wait. Rejects when the signal comes first. */
function firstList({ open, unreadable }: Listing, { watched, store }: Declared, signal: AbortSignal): Promise<void> {
  const id = idOf(watched)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stopped = (): void => reject(signal.reason)
  const sink: Sink<KubeObject> = {
    listed: objects => {
      signal.throwIfAborted() // who ended it amid a page has no use for the rest
      store.listed(objects)
    },
    listEnded: (ids, resourceVersion) => {
      store.listEnded(ids, resourceVersion)
      unreadable.listed(id, watched.type)
      signal.removeEventListener('abort', stopped)
      resolve()
    },
    observe: event => {
      signal.throwIfAborted()
      store.observe(event)
    },
    failed: error => {
      if (!unreadable.failed(id, watched, error)) return 'goOn'
      signal.removeEventListener('abort', stopped)
      resolve()
      return 'list' // that it can be read again shows in nothing else: a watch may stay silent for a minute
    },
  }
  signal.addEventListener('abort', stopped, { once: true })
  open.follow(watched, sink, signal)
  return promise
}

function openerOf({ client, fieldManager, log: all, pacing, memory = new ObjectMemory() }: CacheOptions): Opener {
  const { clock, random } = pacing ?? { clock: systemClock, random: Math.random }
  const log = sparingLog(all, clock)
  return {
    store: watched => {
      const { keep = object => object } = watched
      return new ObjectStore({ watched, log, memory, project: object => keep(trimManagedFields(object, fieldManager)) })
    },
    follow: ({ type, keep: _keep, indexes: _indexes, mayComeLater, ...selection }, sink, signal) => {
      const followed = { client, type, selection, sink, log, clock, random, ...(mayComeLater && { mayComeLater }) }
      void listWatch(followed, signal)
    },
    get: (type, key) => client.get(type, key),
  }
}

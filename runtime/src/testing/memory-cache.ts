// A cache whose objects a test puts there — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { Cache, Change, NamedUser, Store, WatchedType } from '../cache/types.ts'
import { UnreadableKinds } from '../cache/unreadable.ts'
import { ApiError, type ApiErrorReason } from '../client/api-error.ts'
import { keyOf, printKey } from '../key.ts'

/** Stands for the API server behind the cache: what controllers read, and the changes they are told. */
export interface MemoryCache extends Cache {
  put(type: ResourceType, object: KubeObject): void
  remove(type: ResourceType, key: ObjectKey): void
  /** As where no memory is left for the object. */
  leaveOut(type: ResourceType, object: KubeObject): void
  /** As the list-watches find out: the kind cannot be read, or can be again. */
  setUnreadable(type: ResourceType, why: Extract<ApiErrorReason, 'Forbidden' | 'NotServed'> | undefined): void
  /** What is watched by name, as `Kind namespace/name`. */
  namedWatches(): readonly string[]
}

export function memoryCache(): MemoryCache {
  const objects = new Map<string, KubeObject>()
  const stores = new Map<WatchedType, { readonly store: Store; readonly handlers: ((change: Change) => void)[] }>()
  const named = new Map<NamedUser, Set<string>>()
  const unreadable = new UnreadableKinds()
  const leftOut = new Map<WatchedType, ((object: KubeObject) => void)[]>()
  const tooLarge = new Set<string>()
  const idOf = (type: ResourceType, key: ObjectKey): string => `${type.kind} ${printKey(key)}`

  const storeOf = (watched: WatchedType): Store => {
    const handlers: ((change: Change) => void)[] = []
    const list = (): KubeObject[] => [...objects].flatMap(([id, object]) => (isOf(watched, id) ? object : []))
    const store: Store = {
      get: key => (tooLarge.has(idOf(watched.type, key)) ? undefined : objects.get(idOf(watched.type, key))),
      isLeftOut: key => tooLarge.has(idOf(watched.type, key)),
      list,
      by: (index, value) => list().filter(object => watched.indexes?.[index]?.(object).includes(value)),
      learn: () => undefined,
      onChange: handler => void handlers.push(handler),
      onLeftOut: handler => void leftOut.set(watched, [...(leftOut.get(watched) ?? []), handler]),
    }
    stores.set(watched, { store, handlers })
    return store
  }

  const tell = (id: string, change: Change): void => {
    const heard = [...stores].flatMap(([watched, { handlers }]) => (isOf(watched, id) ? handlers : []))
    for (const handler of heard) handler(change)
    for (const [user, ids] of named) if (ids.has(id)) user.onChange()
  }

  return {
    // Sound: a store holds objects of its own type only.
    watched: <T extends KubeObject>(watched: WatchedType<T>) => {
      const erased = watched as unknown as WatchedType
      return (stores.get(erased)?.store ?? storeOf(erased)) as unknown as Store<T>
    },
    named: async <T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, user: NamedUser) => {
      named.set(user, (named.get(user) ?? new Set()).add(idOf(type, key)))
      return objects.get(idOf(type, key)) as T | undefined
    },
    release: (user, keep) => void named.set(user, new Set(keep.map(({ type, key }) => idOf(type, key)))),
    start: async () => undefined,
    unreadable,
    setUnreadable: (type, reason) => {
      if (!reason) return unreadable.listed(type.kind, type)
      while (!unreadable.failed(type.kind, { type }, new ApiError({ reason, message: reason, request: 'GET /' })));
    },
    put: (type, after) => {
      const id = idOf(type, keyOf(after))
      const before = objects.get(id)
      objects.set(id, after)
      tell(id, { ...(before && { before }), after })
    },
    remove: (type, key) => {
      const before = objects.get(idOf(type, key))
      objects.delete(idOf(type, key))
      if (before) tell(idOf(type, key), { before })
    },
    leaveOut: (type, object) => {
      tooLarge.add(idOf(type, keyOf(object)))
      for (const [watched, handlers] of leftOut) {
        if (watched.type.kind === type.kind) for (const handler of handlers) handler(object)
      }
    },
    namedWatches: () => [...named.values()].flatMap(ids => [...ids]),
  }
}

const isOf = ({ type }: WatchedType, id: string): boolean => id.startsWith(`${type.kind} `)

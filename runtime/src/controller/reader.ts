// What a pass reads of the cache — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Cache, Store, WatchedType } from '../cache/types.ts'
import { UnreadableKindError } from '../cache/unreadable.ts'
import type { Controller, Reader, StoreReader } from '../contract/types.ts'
import { isSameKind } from '../contract/wake.ts'
import type { IsLeftOut } from './left-out-reads.ts'

interface Watched {
  readonly watched: WatchedType
  readonly store: Store
}

/** Reads of the cache, and whether an object is there for which no memory is left. */
export interface CacheReader extends StoreReader {
  readonly isLeftOut: IsLeftOut
}

/** Reads the list-watches that the controller declares, and no other: what is read and not watched would never wake it. */
export function createStoreReader(cache: Cache, { name, wakes }: Controller): CacheReader {
  const stores = wakes.map(({ watched }) => ({ watched, store: cache.watched(watched) }))

  const storesOf = <T extends KubeObject>(type: ResourceType<T>, index?: string): readonly Store<T>[] => {
    const found = stores.filter(({ watched }) => isSameKind(watched.type, type) && hasIndex({ watched }, index))
    const what = index === undefined ? type.kind : `${type.kind} by ${index}`
    if (found.length === 0) throw new Error(`controller ${name} reads ${what} without watching it`)
    return found.map(({ store }) => store as unknown as Store<T>)
  }

  return {
    get: (type, key) => {
      for (const store of storesOf(type)) {
        const object = store.get(key)
        if (object) return object
      }
      return undefined
    },
    isLeftOut: (type, key) => storesOf(type).some(store => store.isLeftOut(key)),
    by: (type, index, value) => storesOf(type, index).flatMap(store => store.by(index, value)),
  }
}

/**
 * What a pass reads: an object that the cache does not have is absent only if its kind can be read. What a pass can do
 * without seems to be absent.
 */
export function createPassReader(stores: StoreReader, cache: Cache, { wakes }: Controller): Omit<Reader, 'referenced'> {
  const isOptional = (type: ResourceType): boolean =>
    wakes.some(({ watched, optional }) => optional && isSameKind(watched.type, type))
  const refuseUnreadable = (type: ResourceType): void => {
    const unreadable = cache.unreadable.of(type)
    if (unreadable && !isOptional(type)) throw new UnreadableKindError(unreadable)
  }
  return {
    unreadable: type => cache.unreadable.of(type),
    get: (type, key) => {
      refuseUnreadable(type)
      return stores.get(type, key)
    },
    by: (type, index, value) => {
      refuseUnreadable(type)
      return stores.by(type, index, value)
    },
  }
}

function hasIndex({ watched }: Pick<Watched, 'watched'>, index: string | undefined): boolean {
  return index === undefined || watched.indexes?.[index] !== undefined
}

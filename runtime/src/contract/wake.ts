// What wakes a controller — core
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { WatchedType } from '../cache/types.ts'
import type { StoreReader, Wake } from './types.ts'

/** A wake whose functions know the type of their object. */
export function wakeOn<T extends KubeObject>(
  watched: WatchedType<T>,
  keys: (object: T, read: StoreReader) => readonly ObjectKey[],
  { optional = false }: { readonly optional?: boolean } = {},
): Wake {
  // Sound: a store hands out objects of its own type only. The list of a controller holds wakes of many types.
  return { watched, keys, optional } as unknown as Wake
}

/** Whether both name one served kind, whatever its version. */
export function isSameKind(a: ResourceType, b: ResourceType): boolean {
  return a.group === b.group && a.kind === b.kind
}

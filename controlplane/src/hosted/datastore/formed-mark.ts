// What our own object remembers of the datastore that has formed — core
import { datastoreFormedAnnotation, type ObjectMeta } from '@k0smotron-ts/api'
import type { Memory } from '../input.ts'
import type { DatastoreType } from './datastore.ts'

/** The value of the annotation. Releases that knew etcd alone wrote `true`. */
export function formedMark(type: DatastoreType): string {
  return type === 'etcd' ? 'true' : type
}

/** Without a type for what somebody else wrote: then nothing tells which it was. */
export function formedMemory({ annotations }: ObjectMeta): Pick<Memory, 'datastoreFormed' | 'formedType'> {
  const mark = annotations?.[datastoreFormedAnnotation]
  const type = (['etcd', 'kine'] as const).find(one => formedMark(one) === mark)
  return { datastoreFormed: mark !== undefined, ...(type && { formedType: type }) }
}

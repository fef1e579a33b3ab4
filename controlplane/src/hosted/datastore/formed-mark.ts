// What our own object remembers of the datastore that has formed — core
import type { DatastoreType } from './datastore.ts'

/** The value of the annotation. Releases that knew etcd alone wrote `true`. */
export function formedMark(type: DatastoreType): string {
  return type === 'etcd' ? 'true' : type
}

/** `undefined` for what somebody else wrote: then nothing tells which it was. */
export function formedType(mark: string | undefined): DatastoreType | undefined {
  return (['etcd', 'kine'] as const).find(type => formedMark(type) === mark)
}

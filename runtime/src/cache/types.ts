// What is watched, and how it is read — core
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { UnreadableKinds } from './unreadable.ts'

/** One list-watch. Two controllers that declare an equal one share it. */
export interface WatchedType<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly namespace?: string
  /** Others install the kind, perhaps later or never: that it is not served yet is nothing to be told as an error. */
  readonly mayComeLater?: true
  /** What the cache remembers of an object; everything else is dropped on arrival, so memory stays within the budget. */
  readonly keep?: (object: T) => T
  /** Name of an index → the values under which an object is found. */
  readonly indexes?: Readonly<Record<string, (object: T) => readonly string[]>>
}

/** Both sides of a change: an addition has no `before`, a deletion no `after`. A resync has neither a promise nor a need. */
export interface Change<T extends KubeObject = KubeObject> {
  readonly before?: T
  readonly after?: T
}

/** The objects of one list-watch, as last seen. What is read must not be changed. */
export interface Store<T extends KubeObject = KubeObject> {
  get(key: ObjectKey): T | undefined
  /** It is there, and no memory is left for it. */
  isLeftOut(key: ObjectKey): boolean
  list(): readonly T[]
  by(index: string, value: string): readonly T[]
  /** Tells the store what a write of ours returned, so that the next pass does not decide on what was before; older than known: ignored. */
  learn(written: T): void
  onChange(handler: (change: Change<T>) => void): void
  /** Tells of each object for which no memory is left: all else that is read is as if it were not there. */
  onLeftOut(handler: (object: T) => void): void
}

/** What the objects of stores may take. */
export interface Memory {
  /** Puts an object of so many bytes in the place of one of `before` bytes; false where there is no room. */
  replace(namespace: string, before: number, after: number): boolean
}

/** All list-watches of a process. */
export interface Cache {
  watched<T extends KubeObject>(watched: WatchedType<T>): Store<T>
  /**
   * The object of that name, watched on its own from now on (referenced Secrets: never a whole kind).
   * The first call waits for the first answer. `release` ends the watch when its last user lets go.
   */
  named<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, user: NamedUser): Promise<T | undefined>
  release(user: NamedUser, keep: readonly { readonly type: ResourceType; readonly key: ObjectKey }[]): void
  /** Kinds that are watched and cannot be read. */
  readonly unreadable: Pick<UnreadableKinds, 'all' | 'of' | 'onChange'>
  /** Starts every list-watch; resolves when each has its first list, or has found that its kind cannot be read. */
  start(signal: AbortSignal): Promise<void>
}

/** Who asked for a named watch (identity counts), and what to do when the object changes. */
export interface NamedUser {
  readonly onChange: () => void
}

// What a client of an API server can do — core
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'

/** A page or a whole list; `resourceVersion` is where a watch goes on. */
export interface ObjectList<T> {
  readonly items: readonly T[]
  readonly resourceVersion: string
  readonly continue?: string
}

export interface ListOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** `0` = any version that the server's watch cache has. */
  readonly resourceVersion?: string
  readonly limit?: number
  readonly continue?: string
  /** Breaks the list off; what is thrown then is the signal's reason. */
  readonly signal?: AbortSignal
}

export interface WatchOptions extends Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> {
  readonly resourceVersion: string
  readonly signal: AbortSignal
  /** Told of the object of an event that is not taken. */
  readonly leftOut?: (what: LeftOut) => void
}

/** An object that is too large to be taken (docs/limits.md). */
export interface LeftOut {
  readonly why: string
  /** `namespace/name`, if it could be read. */
  readonly name?: string
}

/** Who reads a page while it comes. */
export interface PageReader<T> {
  /** May be told the same object twice: a page that broke off is asked for again. */
  object(object: T): void
  leftOut(what: LeftOut): void
}

/** `cut`: so many objects came, then the page had more bytes than were wanted. */
export type PageEnd =
  | { readonly kind: 'whole'; readonly bytes: number; readonly resourceVersion: string; readonly continue?: string }
  | { readonly kind: 'cut'; readonly objects: number }

export interface PageOptions<T> extends ListOptions {
  readonly reader: PageReader<T>
  readonly maxBytes: number
}

/** One line of a watch. An `ERROR` line is not an event: the stream throws it as an ApiError. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: T
}

/** RFC 6902; a `test` guards what must still be true. */
export type JsonPatch = readonly (
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
)[]

export interface ApplyOptions {
  readonly fieldManager: string
  readonly subresource?: 'status'
}

export interface DeleteOptions {
  /** Refused with Conflict when the object is not this one any more. */
  readonly uid?: string
  readonly resourceVersion?: string
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan'
  readonly gracePeriodSeconds?: number
}

export type EvictionOptions = Pick<DeleteOptions, 'uid'>

export interface PatchOptions {
  readonly fieldManager?: string
  readonly subresource?: 'status'
}

/** Requests to one API server. Absence is `undefined`; every other refusal is a thrown ApiError. */
export interface Client {
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<ObjectList<T>>
  /** As `list`, but no more than one object is in memory at a time. */
  page<T extends KubeObject>(type: ResourceType<T>, options: PageOptions<T>): Promise<PageEnd>
  watch<T extends KubeObject>(type: ResourceType<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>
  create<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T>
  /** A full update; `metadata.resourceVersion` of the object is the precondition. */
  replace<T extends KubeObject>(type: ResourceType<T>, object: T): Promise<T>
  /** Server-side apply, forced. */
  apply<T extends KubeObject>(type: ResourceType<T>, object: T, options: ApplyOptions): Promise<T>
  patchJson<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: JsonPatch,
    options?: PatchOptions,
  ): Promise<T>
  patchMerge<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: object,
    options?: PatchOptions,
  ): Promise<T>
  /** Already gone is success. */
  delete(type: ResourceType, key: ObjectKey, options?: DeleteOptions): Promise<void>
  /** Deletes a pod unless its PodDisruptionBudget forbids that. Asked once, whatever the refusal; already gone is success. */
  evict(key: ObjectKey, options?: EvictionOptions): Promise<void>
  /** A GET of a path such as `/readyz` or `/version`; any status is an answer. */
  probe(
    path: string,
    options?: { readonly timeoutMs?: number },
  ): Promise<{ readonly status: number; readonly body: string }>
  close(): Promise<void>
}

// What a list-watch follows, and whom it tells — core
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Client, ListOptions, WatchEvent } from '../client/types.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'

/** The part of a kind that is followed. */
export type Selection = Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>

/** Who keeps what the list-watch learns. */
export interface Sink<T extends KubeObject> {
  /** Objects of a list; the same ones may come twice. */
  listed(objects: readonly T[]): void
  /** The list is over: what is not among these ids (`printKey`) was gone at that version. */
  listEnded(ids: ReadonlySet<string>, resourceVersion: string): void
  /** One change since, or a bookmark: nothing changed up to its version. */
  observe(event: WatchEvent<T>): void
  /** A list or watch failed; it is tried again: with a list, or where it was. */
  failed?(error: unknown): 'goOn' | 'list'
}

export interface Followed<T extends KubeObject> {
  readonly client: Pick<Client, 'page' | 'watch'>
  readonly type: ResourceType<T>
  readonly selection: Selection
  /** That the kind is not served is no error. */
  readonly mayComeLater?: true
  readonly sink: Sink<T>
  readonly log: Logger
  readonly clock: Clock
  readonly random: () => number
}

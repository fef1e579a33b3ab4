// The objects of one list-watch — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import type { WatchEvent } from '../client/types.ts'
import { keyOf, printKey } from '../key.ts'
import type { Logger } from '../log.ts'
import type { Sink } from '../watch/types.ts'
import { type IndexEntry, IndexTable } from './index-table.ts'
import { ObjectMemory } from './object-memory.ts'
import { type Packed, pack, unpack } from './packed.ts'
import { compareVersions } from './resource-version.ts'
import { selects } from './selection.ts'
import type { Change, Memory, Store, WatchedType } from './types.ts'

export interface StoreOptions<T extends KubeObject> {
  readonly watched: WatchedType<T>
  /** What is remembered of an object. */
  readonly project: (object: T) => T
  readonly log: Logger
  /** Absent: the store shares it with no other. */
  readonly memory?: Memory
}

interface Entry {
  readonly packed: Packed
  readonly resourceVersion: string
  /** We wrote it, and the watch has not come to it yet: what the watch brings may be older. */
  readonly learned: boolean
}

interface Kept<T> {
  readonly after: T
  readonly packed: Packed
  readonly indexed: readonly IndexEntry[]
}

/**
 * Guarantees: each change of what is here is told exactly once, whether it came by list, watch or `learn`; a write of
 * our own is never undone by what the server had to say before it; an object that cannot be kept or a handler that
 * throws is logged, and the others go on.
 */
export class ObjectStore<T extends KubeObject> implements Store<T>, Sink<T> {
  readonly #options: StoreOptions<T>
  readonly #selects: (object: KubeObject) => boolean
  readonly #entries = new Map<string, Entry>()
  readonly #indexes = new IndexTable<T>()
  readonly #handlers: ((change: Change<T>) => void)[] = []
  readonly #leftOutHandlers: ((object: T) => void)[] = []
  readonly #memory: Memory
  /** There, but too large to be remembered. */
  readonly #leftOut = new Set<string>()
  /** Version up to which the list-watch has told everything. */
  #passed: string | undefined

  constructor(options: StoreOptions<T>) {
    this.#options = options
    this.#memory = options.memory ?? new ObjectMemory()
    this.#selects = selects(options.watched)
    this.declareIndexes(options.watched.indexes)
  }

  /** Only before the first object: what is here already would be missing in the index. */
  declareIndexes(indexes: WatchedType<T>['indexes'] = {}): void {
    for (const [name, values] of Object.entries(indexes)) this.#indexes.declare(name, values)
  }

  get(key: ObjectKey): T | undefined {
    return this.#read(printKey(key))
  }

  isLeftOut(key: ObjectKey): boolean {
    return this.#leftOut.has(printKey(key))
  }

  list(): readonly T[] {
    return [...this.#entries.values()].map(({ packed }) => unpack<T>(packed))
  }

  by(index: string, value: string): readonly T[] {
    return [...this.#indexes.idsOf(index, value)].flatMap(id => this.#read(id) ?? [])
  }

  onChange(handler: (change: Change<T>) => void): void {
    this.#handlers.push(handler)
  }

  onLeftOut(handler: (object: T) => void): void {
    this.#leftOutHandlers.push(handler)
  }

  learn(written: T): void {
    const version = versionOf(written)
    if (version === '' || !this.#selects(written)) return
    // The watch was there already: had it been changed or deleted since, that was told, and will not be told again.
    if ((compareVersions(version, this.#passed ?? '') ?? 1) <= 0) return
    const known = this.#entries.get(idOf(written))
    if (known && (compareVersions(version, known.resourceVersion) ?? 1) <= 0) return
    this.#put(written, true)
  }

  listed(objects: readonly T[]): void {
    for (const object of objects) this.#accept(object)
  }

  listEnded(ids: ReadonlySet<string>, resourceVersion: string): void {
    for (const [id, entry] of this.#entries) {
      if (ids.has(id)) continue
      // The list was made before our write. Only once: whatever the versions say, a second list is believed.
      if (entry.learned && isNewer(entry, resourceVersion)) this.#entries.set(id, { ...entry, learned: false })
      else this.#remove(id, entry)
    }
    for (const id of this.#leftOut) if (!ids.has(id)) this.#leftOut.delete(id)
    this.#passed = resourceVersion
  }

  observe({ type, object }: WatchEvent<T>): void {
    if (type === 'DELETED') this.#forget(object)
    else if (type !== 'BOOKMARK') this.#accept(object)
    this.#passed = versionOf(object)
  }

  /** Nobody follows these objects any more: what they take is free for others. */
  close(): void {
    for (const { packed } of this.#entries.values()) {
      this.#memory.replace(unpack<T>(packed).metadata.namespace ?? '', packed.length, 0)
    }
    this.#entries.clear()
  }

  #read(id: string): T | undefined {
    const entry = this.#entries.get(id)
    return entry && unpack<T>(entry.packed)
  }

  /** What the server tells is believed, unless it is from before a write of ours. */
  #accept(object: T): void {
    const known = this.#entries.get(idOf(object))
    if (known?.learned && isNewer(known, versionOf(object))) return
    this.#put(object, false)
  }

  /** A deletion from before our write is that of a predecessor of the same name. */
  #forget(object: T): void {
    const known = this.#entries.get(idOf(object))
    this.#leftOut.delete(idOf(object))
    if (!known || (known.learned && isNewer(known, versionOf(object)))) return
    this.#remove(idOf(object), known)
  }

  #put(object: T, learned: boolean): void {
    const id = idOf(object)
    const resourceVersion = versionOf(object)
    const known = this.#entries.get(id)
    if (known?.resourceVersion === resourceVersion && resourceVersion !== '') {
      this.#entries.set(id, { ...known, learned })
      return
    }
    const kept = this.#keep(object)
    if (!kept) return
    const { namespace = '' } = object.metadata
    if (!this.#memory.replace(namespace, known?.packed.length ?? 0, kept.packed.length)) {
      this.#leaveOut(object, known)
      return
    }
    this.#leftOut.delete(id)
    const before = known && unpack<T>(known.packed)
    this.#entries.set(id, { packed: kept.packed, resourceVersion, learned })
    if (before) this.#indexes.remove(id, this.#indexes.entriesOf(before))
    this.#indexes.add(id, kept.indexed)
    this.#notify({ ...(before && { before }), after: kept.after })
  }

  /** What was known of it is no longer true: it is as if it were gone. */
  #leaveOut(object: T, known: Entry | undefined): void {
    const { log, watched } = this.#options
    const id = idOf(object)
    log.error({ [watched.type.kind]: id, why: 'there is no room for it in memory' }, 'Object left out')
    this.#leftOut.add(id)
    if (known) this.#remove(id, known)
    for (const handler of this.#leftOutHandlers) handler(object)
  }

  #remove(id: string, entry: Entry): void {
    const before = unpack<T>(entry.packed)
    this.#entries.delete(id)
    this.#memory.replace(before.metadata.namespace ?? '', entry.packed.length, 0)
    this.#indexes.remove(id, this.#indexes.entriesOf(before))
    this.#notify({ before })
  }

  #keep(object: T): Kept<T> | undefined {
    const { log, project, watched } = this.#options
    try {
      const after = project(object)
      return { after, packed: pack(after), indexed: this.#indexes.entriesOf(after) }
    } catch (error) {
      log.error({ error, [watched.type.kind]: idOf(object) }, 'Object cannot be kept')
      return undefined
    }
  }

  #notify(change: Change<T>): void {
    const { log, watched } = this.#options
    for (const handler of this.#handlers) {
      try {
        handler(change)
      } catch (error) {
        const object = change.after ?? change.before
        log.error({ error, [watched.type.kind]: object && idOf(object) }, 'Change handler failed')
      }
    }
  }
}

const idOf = (object: KubeObject): string => printKey(keyOf(object))

const versionOf = ({ metadata }: KubeObject): string => metadata.resourceVersion ?? ''

/** Known to be newer: versions that cannot be compared are not. */
function isNewer({ resourceVersion }: Entry, than: string): boolean {
  return (compareVersions(resourceVersion, than) ?? 0) > 0
}

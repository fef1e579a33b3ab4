// From changes to keys — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import { canonicalJson } from '../apply/intent.ts'
import type { Cache, Change } from '../cache/types.ts'
import type { StoreReader, Wake } from '../contract/types.ts'
import { isSameKind } from '../contract/wake.ts'
import type { Logger } from '../log.ts'
import type { OwnWrite, OwnWrites } from './own-writes.ts'
import type { ControllerSetup } from './pass.ts'

export interface WakeFeed extends Pick<ControllerSetup, 'controller' | 'filter'> {
  readonly cache: Cache
  readonly stores: StoreReader
  readonly ownWrites: OwnWrites
  readonly log: Logger
  /** `by`: the pass that made the change, if it was one of this controller. */
  readonly wake: (key: ObjectKey, by: OwnWrite | undefined) => void
}

/** Both sides of a change wake: who was concerned before has to know that it is not any more. */
export function feedWakes(feed: WakeFeed): void {
  for (const source of feed.controller.wakes) {
    const { type, keep } = source.watched
    const store = feed.cache.watched(source.watched)
    store.onLeftOut(after => wakeAll(feed, source, { after, by: undefined }))
    store.onChange(change => {
      if (keep && saysTheSame(change)) return
      feed.ownWrites.attribute(type, change, by =>
        wakeAll(feed, source, { ...change, by: isOwnAlone(change, by) ? by : undefined }),
      )
    })
  }
}

/** Another's change can come with the answer to our write of a status: then it is news. */
function isOwnAlone({ before, after }: Change, by: OwnWrite | undefined): boolean {
  if (by?.part !== 'status') return true
  return before !== undefined && after !== undefined && differInStatusOnly(before, after)
}

/** Nothing that is kept has changed: the heartbeat of a node, say. Of kinds that are kept whole something always has. */
function saysTheSame({ before, after }: Change): boolean {
  const kept = ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: KubeObject) =>
    canonicalJson({ ...rest, metadata })
  return before !== undefined && after !== undefined && kept(before) === kept(after)
}

function differInStatusOnly(before: KubeObject, after: KubeObject): boolean {
  const others = (object: KubeObject) => {
    const { metadata, status: _, ...rest } = object as KubeObject & { readonly status?: unknown }
    const { resourceVersion: __, managedFields: ___, ...identity } = metadata
    return canonicalJson({ ...rest, metadata: identity })
  }
  return others(before) === others(after)
}

interface AttributedChange extends Change {
  readonly by: OwnWrite | undefined
}

function wakeAll(feed: WakeFeed, { watched, keys }: Wake, { before, after, by }: AttributedChange): void {
  const { controller, filter, stores, log, wake } = feed
  const isPrimary = isSameKind(watched.type, controller.primary)
  for (const object of [before, after]) {
    if (!object || (filter && isPrimary && !filter(object))) continue
    try {
      for (const key of keys(object, stores)) wake(key, by)
    } catch (error) {
      // The watch goes on: one object that a mapping does not understand must not blind the controller to the rest.
      const { namespace, name } = object.metadata
      log.error({ error, [watched.type.kind]: `${namespace}/${name}` }, 'Change not understood')
    }
  }
}

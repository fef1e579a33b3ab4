// From changes to keys — shell
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'
import { canonicalJson } from '../apply/intent.ts'
import type { Cache } from '../cache/types.ts'
import type { StoreReader, Wake } from '../contract/types.ts'
import { isSameKind } from '../contract/wake.ts'
import type { Logger } from '../log.ts'
import type { ControllerSetup } from './pass.ts'

export interface WakeFeed extends Pick<ControllerSetup, 'controller' | 'filter'> {
  readonly cache: Cache
  readonly stores: StoreReader
  readonly log: Logger
  readonly wake: (key: ObjectKey) => void
}

/** Both sides of a change wake: who was concerned before has to know that it is not any more. */
export function feedWakes(feed: WakeFeed): void {
  for (const source of feed.controller.wakes) {
    feed.cache.watched(source.watched).onChange(({ before, after }) => {
      if (before && after && source.watched.keep && saysTheSame(before, after)) return
      for (const object of [before, after]) if (object) wakeAll(feed, source, object)
    })
  }
}

/** Nothing that is kept has changed: the heartbeat of a node, say. Of kinds that are kept whole something always has. */
function saysTheSame(before: KubeObject, after: KubeObject): boolean {
  const kept = ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: KubeObject) =>
    canonicalJson({ ...rest, metadata })
  return kept(before) === kept(after)
}

function wakeAll(feed: WakeFeed, { watched, keys }: Wake, object: KubeObject): void {
  const { controller, filter, stores, log, wake } = feed
  if (filter && isSameKind(watched.type, controller.primary) && !filter(object)) return
  try {
    for (const key of keys(object, stores)) wake(key)
  } catch (error) {
    // The watch goes on: one object that a mapping does not understand must not blind the controller to the rest.
    const { namespace, name } = object.metadata
    log.error({ error, [watched.type.kind]: `${namespace}/${name}` }, 'Change not understood')
  }
}

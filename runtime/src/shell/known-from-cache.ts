// Live copies out of the cache, or from the server where the cache cannot tell — shell
import { apiVersionOf, type KubeObject, type ResourceType } from '@k0smotron-ts/api'
import type { Known } from '../apply/known.ts'
import type { WatchedType } from '../cache/types.ts'
import type { Client } from '../client/types.ts'
import type { Reader } from '../contract/types.ts'

export interface KnownDeps {
  readonly watched: readonly WatchedType[]
  readonly read: Pick<Reader, 'get' | 'unreadable'>
  readonly client: Pick<Client, 'get'>
}

/** Knows the kinds that the controller watches: what is applied and not watched would never be seen again. */
export function createKnown({ watched, read, client }: KnownDeps): Known {
  return {
    typeOf: object => typeOf(watched, object),
    live: async (type, key) => {
      if (read.unreadable(type)) return client.get(type, key)
      return read.get(type, key) ?? (isSeenWhole(watched, type) ? undefined : client.get(type, key))
    },
  }
}

function typeOf(watched: readonly WatchedType[], { apiVersion, kind }: KubeObject): ResourceType {
  const found = watched.find(({ type }) => type.kind === kind && apiVersionOf(type) === apiVersion)
  if (!found) throw new TypeError(`${apiVersion} ${kind} is applied without being watched`)
  return found.type
}

/** Without a selector the cache has every object there is. */
function isSeenWhole(watched: readonly WatchedType[], type: ResourceType): boolean {
  return watched.some(one => one.type === type && one.labelSelector === undefined && one.fieldSelector === undefined)
}

// Objects that specs name, watched by name for as long as passes ask for them — shell
import type { ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { Cache, NamedUser } from '../cache/types.ts'
import type { Reader } from '../contract/types.ts'

interface Asked {
  readonly type: ResourceType
  readonly key: ObjectKey
}

/** The references of one pass. */
interface PassReferences {
  readonly read: Reader['referenced']
  /** The pass got through: what it did not ask for is not watched any more. A pass that threw may not have come that far. */
  settle(): void
}

export interface References {
  begin(id: string): PassReferences
}

/** A change of a referenced object wakes the keys whose passes asked for it. */
export function createReferences(cache: Cache, wake: (id: string) => void): References {
  const users = new Map<string, NamedUser>()

  const userOf = (id: string): NamedUser => {
    const user = users.get(id) ?? { onChange: () => wake(id) }
    users.set(id, user)
    return user
  }

  const keepOnly = (id: string, asked: readonly Asked[]): void => {
    const user = users.get(id)
    if (!user) return
    cache.release(user, asked)
    if (asked.length === 0) users.delete(id)
  }

  return {
    begin: id => {
      const asked: Asked[] = []
      return {
        read: (type, key) => {
          asked.push({ type, key })
          return cache.named(type, key, userOf(id))
        },
        settle: () => keepOnly(id, asked),
      }
    },
  }
}

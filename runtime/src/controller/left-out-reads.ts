// What there is no room for in memory is read when a pass needs it — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import type { Client } from '../client/types.ts'
import type { Reader } from '../contract/types.ts'
import { printKey } from '../key.ts'

/** The object is there, and not in memory: the pass begins anew once it was read. */
class LeftOutError extends Error {
  override readonly name = 'LeftOutError'
  readonly type: ResourceType
  readonly key: ObjectKey

  constructor(type: ResourceType, key: ObjectKey) {
    super(`${type.kind} ${printKey(key)} is not in memory`)
    this.type = type
    this.key = key
  }
}

/** More of them than the reads of any pass: whoever asks for more goes round in circles. */
const maxReads = 32

export type IsLeftOut = (type: ResourceType, key: ObjectKey) => boolean

/** Of one pass; afterwards nothing is kept. */
export class LeftOutReads {
  readonly #isLeftOut: IsLeftOut
  readonly #found = new Map<string, KubeObject | undefined>()

  constructor(isLeftOut: IsLeftOut) {
    this.#isLeftOut = isLeftOut
  }

  /** `get` throws for an object that is left out and was not read yet. */
  over<R extends Pick<Reader, 'get'>>(reader: R): R {
    const get = <T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): T | undefined => {
      const id = idOf(type, key)
      if (this.#found.has(id)) return this.#found.get(id) as T | undefined
      const object = reader.get(type, key)
      if (!object && this.#isLeftOut(type, key)) throw new LeftOutError(type, key)
      return object
    }
    return { ...reader, get }
  }

  /** Level-triggered passes may begin anew wherever they were. */
  async complete<R>(client: Pick<Client, 'get'>, pass: () => Promise<R>): Promise<R> {
    while (true) {
      try {
        return await pass()
      } catch (error) {
        if (!(error instanceof LeftOutError) || this.#found.size >= maxReads) throw error
        this.#found.set(idOf(error.type, error.key), await client.get(error.type, error.key))
      }
    }
  }
}

const idOf = ({ group, kind }: ResourceType, key: ObjectKey): string => `${kind}.${group} ${printKey(key)}`

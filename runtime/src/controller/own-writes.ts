// Which changes the passes of a controller made themselves — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { Change } from '../cache/types.ts'
import type { WriteTarget } from '../contract/types.ts'
import { keyOf, printKey } from '../key.ts'

export interface OwnWrite extends Pick<WriteTarget, 'part'> {
  /** The key whose pass wrote. */
  readonly writer: string
}

/** One write on its way, and the learning of what came back. */
interface Sending<T extends KubeObject> {
  readonly writer: string
  readonly target: WriteTarget
  readonly send: () => Promise<T>
  readonly learn: (written: T) => void
}

interface UnderWay {
  count: number
  /** Changes of the object that were heard of meanwhile: the watch may be faster than the answer. */
  readonly unattributed: (() => void)[]
  /** resourceVersion → who made it. */
  readonly made: Map<string, OwnWrite>
}

export class OwnWrites {
  readonly #underWay = new Map<string, UnderWay>()

  async send<T extends KubeObject>({ writer, target, send, learn }: Sending<T>): Promise<T> {
    const id = idOf(target)
    const underWay = this.#underWay.get(id) ?? { count: 0, unattributed: [], made: new Map() }
    this.#underWay.set(id, underWay)
    underWay.count++
    try {
      const written = await send()
      underWay.made.set(versionOf(written), { writer, part: target.part })
      learn(written)
      return written
    } finally {
      if (--underWay.count === 0) {
        this.#underWay.delete(id)
        for (const attribute of underWay.unattributed) attribute()
      }
    }
  }

  /** Tells whose change it is: at once, or when no write of the object is under way any more. */
  attribute(
    type: WriteTarget['type'],
    { before, after }: Change,
    attributed: (by: OwnWrite | undefined) => void,
  ): void {
    const object = after ?? before
    const underWay = object && this.#underWay.get(idOf({ type, key: keyOf(object) }))
    if (!underWay || !after) {
      attributed(undefined)
      return
    }
    const by = (): OwnWrite | undefined => underWay.made.get(versionOf(after))
    if (by()) attributed(by())
    else underWay.unattributed.push(() => attributed(by()))
  }
}

function idOf({ type: { group, kind }, key }: Omit<WriteTarget, 'part'>): string {
  return `${kind}.${group} ${printKey(key)}`
}

const versionOf = ({ metadata }: KubeObject): string => metadata.resourceVersion ?? ''

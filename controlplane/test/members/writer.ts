// Writes on and on, and knows what was acknowledged — shell
import { setTimeout as delay } from 'node:timers/promises'
import type { Keys } from './keys.ts'

export interface Writer extends AsyncDisposable {
  readonly acknowledged: number
  /** Those of the acknowledged writes that etcd does not have any more; ends the writing. */
  lost(): Promise<readonly string[]>
}

/** To one member after the other: some of them are cut off, and a write that waits for one holds up none for others. */
export function startWriter(places: readonly Keys[]): Writer {
  const acknowledged: string[] = []
  let isEnding = false
  const write = async ({ put }: Keys, ordinal: number): Promise<void> => {
    for (let index = 0; !isEnding; index += 1) {
      const key = `${ordinal}-${index}`
      if (await put(key)) acknowledged.push(key)
      await delay(50)
    }
  }
  const writing = Promise.all(places.map(write))
  const end = async (): Promise<void> => {
    isEnding = true
    await writing
  }
  return {
    get acknowledged() {
      return acknowledged.length
    },
    async lost() {
      await end()
      const lost: string[] = []
      for (const key of acknowledged) if (!(await hasSomewhere(places, key))) lost.push(key)
      return lost
    },
    [Symbol.asyncDispose]: end,
  }
}

async function hasSomewhere(places: readonly Keys[], key: string): Promise<boolean> {
  for (const place of places) if (await place.has(key)) return true
  return false
}

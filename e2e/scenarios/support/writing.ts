// A client of a workload cluster that writes all the time, and knows what was acknowledged — shell
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, type ConfigMap, configMaps, isAlreadyExists } from '@k0smotron-ts/runtime'
import type { Workload } from '../../harness/workload.ts'

export interface Writing extends AsyncDisposable {
  readonly counts: Counts
  /** Ends the writing: those that were acknowledged, and are not there. */
  lost(): Promise<readonly string[]>
}

export interface Counts {
  readonly acknowledged: number
  /** Requests of which nobody knows at once whether they were done. */
  readonly failed: number
  /** Writes that failed when they were repeated, too. */
  readonly failedTwice: number
}

const namespace = 'default'

/** One write after the other, 50 ms apart; one that fails is repeated once, at once. */
export function startWriting({ client }: Workload): Writing {
  const acknowledged: string[] = []
  const counts = { failed: 0, failedTwice: 0 }
  let isEnding = false
  const writing = (async () => {
    for (let index = 0; !isEnding; index += 1) {
      const name = `written-${index}`
      const isWritten = await write(client, name, () => {
        counts.failed += 1
      })
      if (isWritten) acknowledged.push(name)
      else counts.failedTwice += 1
      await delay(50)
    }
  })()
  const end = async (): Promise<void> => {
    isEnding = true
    await writing
  }
  return {
    get counts() {
      return { acknowledged: acknowledged.length, ...counts }
    },
    async lost() {
      await end()
      const { items } = await client.list(configMaps, { namespace })
      const there = new Set(items.map(({ metadata }) => metadata.name))
      return acknowledged.filter(name => !there.has(name))
    },
    [Symbol.asyncDispose]: end,
  }
}

/** Whether it was acknowledged. `onFailure`: told of each request that failed. */
async function write(client: Client, name: string, onFailure: () => void): Promise<boolean> {
  const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } }
  for (const isRepeated of [false, true]) {
    try {
      await client.create(configMaps, object)
      return true
    } catch (error) {
      if (isRepeated && isAlreadyExists(error)) return true // the first one was done after all
      onFailure()
    }
  }
  return false
}

/** What came since. */
export const since = (before: Counts, { acknowledged, failed, failedTwice }: Counts): Counts => ({
  acknowledged: acknowledged - before.acknowledged,
  failed: failed - before.failed,
  failedTwice: failedTwice - before.failedTwice,
})

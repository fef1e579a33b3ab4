// A client of a workload cluster that writes all the time, and knows what was acknowledged — shell
import { setTimeout as delay } from 'node:timers/promises'
import { type ConfigMap, configMaps } from '@k0smotron-ts/runtime'
import type { Workload } from '../../harness/workload.ts'

export interface Writing extends AsyncDisposable {
  readonly acknowledged: number
  /** Of which nobody knows whether they were done. */
  readonly failed: number
  /** Ends the writing: those that were acknowledged, and are not there. */
  lost(): Promise<readonly string[]>
}

const namespace = 'default'

/** One write after the other, 50 ms apart. */
export function startWriting({ client }: Workload): Writing {
  const acknowledged: string[] = []
  let failed = 0
  let isEnding = false
  const writing = (async () => {
    for (let index = 0; !isEnding; index += 1) {
      const name = `written-${index}`
      const object: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } }
      try {
        await client.create(configMaps, object)
        acknowledged.push(name)
      } catch {
        failed += 1
      }
      await delay(50)
    }
  })()
  const end = async (): Promise<void> => {
    isEnding = true
    await writing
  }
  return {
    get acknowledged() {
      return acknowledged.length
    },
    get failed() {
      return failed
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

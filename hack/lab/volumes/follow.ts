// All objects of one kind, kept current by a list and a watch — shell
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Client } from '@k0smotron-ts/runtime'

export interface Following<T> {
  current(): readonly T[]
}

const afterFailure = 500

/** Calls `onChange` after the first list and after every change, until `signal` says stop. */
export function follow<T extends KubeObject>(
  { client, signal }: { readonly client: Client; readonly signal: AbortSignal },
  type: ResourceType<T>,
  onChange: () => void,
): Following<T> {
  let objects = new Map<string, T>()
  const round = async (): Promise<void> => {
    const list = await client.list(type)
    objects = new Map(list.items.map(item => [item.metadata.uid ?? '', item]))
    onChange()
    for await (const event of client.watch(type, { resourceVersion: list.resourceVersion, signal })) {
      if (event.type === 'BOOKMARK') continue
      const uid = event.object.metadata.uid ?? ''
      if (event.type === 'DELETED') objects.delete(uid)
      else objects.set(uid, event.object)
      onChange()
    }
  }
  const run = async (): Promise<void> => {
    // A watch that ends or is refused is followed by a new list: the server's state is the only memory.
    while (!signal.aborted) await round().catch(() => delay(afterFailure))
  }
  void run()
  return { current: () => [...objects.values()] }
}

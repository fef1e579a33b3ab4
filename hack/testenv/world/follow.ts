// All objects of one kind as they change: the one list-watch of tests, of the lab and of the bench — shell
import { setTimeout as delay } from 'node:timers/promises'
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type Change, type Client, isGone, type ListOptions, type WatchEvent } from '@k0smotron-ts/runtime'

/** Of which objects; it ends with the signal. */
export interface Selection extends Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> {
  readonly signal: AbortSignal
}

export interface Sight<T extends KubeObject> {
  /** What is there now. */
  readonly objects: readonly T[]
  /** Since the sight before; of one that is gone, `before` is how it was last. */
  readonly changes: readonly Change<T>[]
}

const afterBreakMs = 200

/**
 * What is there, also when that is nothing, and then each change. A watch that breaks off is followed by a new list, so
 * that nothing is missed but what came and went in between. What the API server refuses is thrown.
 */
export async function* follow<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  selection: Selection,
): AsyncGenerator<Sight<T>, void> {
  const known: Known<T> = new Map()
  while (!selection.signal.aborted) {
    try {
      yield* listThenWatch(client, type, selection, known)
    } catch (error) {
      if (selection.signal.aborted) return
      if (!isGone(error)) throw error
    }
    await delay(afterBreakMs)
  }
}

async function* listThenWatch<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  selection: Selection,
  known: Known<T>,
): AsyncGenerator<Sight<T>, void> {
  const sight = (changes: readonly Change<T>[]): Sight<T> => ({
    changes,
    get objects() {
      return [...known.values()]
    },
  })
  const { items, resourceVersion } = await client.list(type, selection)
  yield sight(relist(known, items))
  for await (const event of client.watch(type, { ...selection, resourceVersion }))
    if (event.type !== 'BOOKMARK') yield sight([learn(known, event)])
}

type Known<T> = Map<string | undefined, T>

function relist<T extends KubeObject>(known: Known<T>, items: readonly T[]): Change<T>[] {
  const uids = new Set(items.map(({ metadata }) => metadata.uid))
  const gone = [...known.values()].filter(({ metadata }) => !uids.has(metadata.uid))
  return [
    ...gone.map(object => learn(known, { type: 'DELETED', object })),
    ...items.map(object => learn(known, { type: 'MODIFIED', object })),
  ]
}

function learn<T extends KubeObject>(known: Known<T>, { type, object }: WatchEvent<T>): Change<T> {
  const { uid } = object.metadata
  const before = known.get(uid)
  if (type === 'DELETED') {
    known.delete(uid)
    return { before: object }
  }
  known.set(uid, object)
  return { ...(before && { before }), after: object }
}

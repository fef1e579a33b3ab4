// What was true when, in the order of the API server — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { follow } from '@k0smotron-ts/hack/testenv'
import type { Change, Client } from '@k0smotron-ts/runtime'

/** A state of an object, and the revision of the store at which it began. */
export interface Moment<T> {
  readonly at: bigint
  readonly object: T
}

/** Everything that happens to objects of some kinds in one namespace, from now on. */
export interface Chronicle extends AsyncDisposable {
  /** The first state of the object of which this holds; waits for it. */
  first<T extends KubeObject>(type: ResourceType<T>, name: string, holds: (object: T) => boolean): Promise<Moment<T>>
}

/** Resolves when nothing can be missed any more. */
export async function openChronicle(
  client: Client,
  namespace: string,
  types: readonly ResourceType[],
): Promise<Chronicle> {
  const seen = new Map(types.map(type => [type, [] as KubeObject[]]))
  const end = new AbortController()
  let news = Promise.withResolvers<void>()
  const learn = (type: ResourceType, object: KubeObject): void => {
    seen.get(type)?.push(object)
    news.resolve()
    news = Promise.withResolvers<void>()
  }
  const followed = types.map(type => ({ type, sights: follow(client, type, { namespace, signal: end.signal }) }))
  const learnAll = (type: ResourceType, { changes }: { readonly changes: readonly Change[] }): void => {
    for (const { after } of changes) if (after) learn(type, after)
  }
  const reading = await Promise.all(
    followed.map(async ({ type, sights }) => {
      const { value } = await sights.next()
      if (value) learnAll(type, value)
      return async () => {
        for await (const sight of sights) learnAll(type, sight)
      }
    }),
  )
  const ended = Promise.all(reading.map(read => read()))
  return {
    async first<T extends KubeObject>(type: ResourceType<T>, name: string, holds: (object: T) => boolean) {
      for (;;) {
        const states = (seen.get(type) ?? []) as readonly KubeObject[] as readonly T[]
        const object = states.find(state => state.metadata.name === name && holds(state))
        if (object) return { at: BigInt(object.metadata.resourceVersion ?? 0), object }
        await news.promise
      }
    },
    async [Symbol.asyncDispose]() {
      end.abort()
      await ended
    },
  }
}

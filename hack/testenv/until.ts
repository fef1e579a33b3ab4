// Waits for a state of the world, not for a time — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { type Client, type Event, events } from '@k0smotron-ts/runtime'

const usualPatienceMs = 60_000

interface Subject<T extends KubeObject> {
  readonly type: ResourceType<T>
  readonly key: ObjectKey
  /** So long the state may take before the test is told what was seen last; a minute unless given. */
  readonly patienceMs?: number
}

/** The object once `holds` says so of it; `undefined` stands for its absence. */
export async function until<T extends KubeObject>(
  client: Client,
  { type, key, patienceMs = usualPatienceMs }: Subject<T>,
  holds: (object: T | undefined) => boolean,
): Promise<T> {
  const options = { fieldSelector: `metadata.name=${key.name}`, ...(key.namespace && { namespace: key.namespace }) }
  const { items, resourceVersion } = await client.list(type, options)
  let last: T | undefined = items[0]
  if (holds(last)) return last as T
  const signal = AbortSignal.timeout(patienceMs)
  try {
    for await (const { type: event, object } of client.watch(type, { ...options, resourceVersion, signal })) {
      last = event === 'DELETED' ? undefined : object
      if (holds(last)) return last as T
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  const { managedFields: _, ...metadata } = last?.metadata ?? {}
  throw new Error(
    `${type.kind} ${key.name} did not get there; last seen: ${JSON.stringify(last && { ...last, metadata })}`,
  )
}

/** Resolves when an Event about the object has been written; `said` is its type and reason, as in `Warning NotOurs`. */
export async function untilEvent(client: Client, { name, namespace = '' }: ObjectKey, said: string): Promise<void> {
  const options = { namespace, fieldSelector: `involvedObject.name=${name}` }
  const isIt = ({ type, reason }: Event) => `${type} ${reason}` === said
  const { items, resourceVersion } = await client.list(events, options)
  if (items.some(isIt)) return
  const signal = AbortSignal.timeout(usualPatienceMs)
  try {
    for await (const { object } of client.watch(events, { ...options, resourceVersion, signal }))
      if (isIt(object)) return
  } catch (error) {
    if (!signal.aborted) throw error
  }
  throw new Error(`there was no Event "${said}" about ${name}`)
}

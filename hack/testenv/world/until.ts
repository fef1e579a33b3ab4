// Waits for a state of the world, not for a time — shell
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { type Client, type Event, events } from '@k0smotron-ts/runtime'
import { follow, type Selection } from './follow.ts'

const usualPatienceMs = 180_000

interface Subject<T extends KubeObject> {
  readonly type: ResourceType<T>
  readonly key: ObjectKey
  /** So long the state may take before the test is told what was seen last; three minutes unless given. */
  readonly patienceMs?: number
}

/** The object once `holds` says so of it; `undefined` stands for its absence. */
export async function until<T extends KubeObject>(
  client: Client,
  { type, key: { namespace, name }, patienceMs }: Subject<T>,
  holds: (object: T | undefined) => boolean,
): Promise<T> {
  const selection = { fieldSelector: `metadata.name=${name}`, ...(namespace && { namespace }), patienceMs }
  const { objects, isSo } = await untilAll(client, { type, ...selection }, ([object]) => holds(object))
  const [object] = objects
  if (isSo) return object as T
  const { managedFields: _, ...metadata } = object?.metadata ?? {}
  const seen = JSON.stringify(object && { ...object, metadata })
  throw new Error(`${type.kind} ${name} did not get there; last seen: ${seen}`)
}

/** Resolves when an Event about the object has been written; `said` is its type and reason, as in `Warning NotOurs`. */
export async function untilEvent(client: Client, { name, namespace = '' }: ObjectKey, said: string): Promise<void> {
  const isIt = ({ type, reason }: Event) => `${type} ${reason}` === said
  const subject = { type: events, namespace, fieldSelector: `involvedObject.name=${name}` }
  const { isSo } = await untilAll(client, subject, all => all.some(isIt))
  if (!isSo) throw new Error(`there was no Event "${said}" about ${name}`)
}

interface Subjects<T extends KubeObject> extends Omit<Selection, 'signal'> {
  readonly type: ResourceType<T>
  readonly patienceMs?: number | undefined
}

/** All selected objects once `holds` says so of them, or as they were when patience ended. */
export async function untilAll<T extends KubeObject>(
  client: Client,
  { type, patienceMs = usualPatienceMs, ...selection }: Subjects<T>,
  holds: (objects: readonly T[]) => boolean,
): Promise<{ readonly isSo: boolean; readonly objects: readonly T[] }> {
  let last: readonly T[] = []
  for await (const { objects } of follow(client, type, { ...selection, signal: AbortSignal.timeout(patienceMs) })) {
    last = objects
    if (holds(objects)) return { isSo: true, objects }
  }
  return { isSo: false, objects: last }
}

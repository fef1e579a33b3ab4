// A note as an Event object — core
import { createHash } from 'node:crypto'
import type { KubeObject } from '@k0smotron-ts/api'
import { timeText } from '../clock.ts'
import type { EventNote } from '../contract/types.ts'
import type { Event } from '../kinds.ts'
import { limits } from '../limits.ts'

/** Who tells: `component` is what `kubectl describe` shows as From. */
export interface EventSource {
  readonly component: string
  /** Of several processes of the component. */
  readonly instance: string
}

export interface EventFacts {
  readonly about: KubeObject
  readonly note: EventNote
  readonly source: EventSource
  readonly now: Date
}

const maxMessageLength = limits.eventCharacters.value
const maxNameLength = 253

/** An Event of a cluster-scoped object is looked for here. */
export const namespaceOf = ({ metadata }: KubeObject): string => metadata.namespace ?? 'default'

/** The same note about the same object has the same name, so a restarted process finds its Event instead of making another. */
export function eventName({ about, note, source }: Omit<EventFacts, 'now'>): string {
  const { name = '', uid } = about.metadata
  const identity = [source.component, about.kind, uid, note.type, note.reason, note.message]
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)
  return `${name.slice(0, maxNameLength - hash.length - 1)}.${hash}`
}

/** `core/v1`, because its count and times are what `kubectl describe` and `kubectl get events` show. */
export function renderEvent(facts: EventFacts): Event {
  const { about, note, source, now } = facts
  const { name, namespace, uid } = about.metadata
  const time = timeText(now)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(facts), namespace: namespaceOf(about) },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
    },
    type: note.type,
    reason: note.reason,
    message: note.message.slice(0, maxMessageLength),
    source: { component: source.component },
    reportingComponent: source.component,
    reportingInstance: source.instance,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  }
}

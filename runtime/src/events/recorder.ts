// Tells users what happened, as Events of the object — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { EventNote } from '../contract/types.ts'
import { limits } from '../limits.ts'
import type { Logger } from '../log.ts'
import { Lru } from '../lru.ts'
import { eventName } from './event.ts'
import { createOutbox } from './outbox.ts'
import { createSpamFilter } from './spam-filter.ts'
import { type EventWriterDeps, type PendingEvent, quietMs, writeEvent } from './write-event.ts'

export interface EventRecorder {
  /**
   * Never blocks and never fails: what cannot be told is dropped, and said at debug level. The message is stored in the
   * cluster for everyone who may read Events: it must not hold a secret, and the same cause must give the same text.
   */
  record(about: KubeObject, note: EventNote): void
  /** Takes no further note and sends what waits, for at most so long. */
  readonly close: (limitMs: number) => Promise<void>
}

export interface RecorderOptions extends EventWriterDeps {
  readonly log: Logger
}

/** How often a note was recorded, and when a request was last made for it. */
interface Remembered {
  readonly count: number
  readonly at: number
}

const maxRemembered = limits.eventsRemembered.value

/** One Event per note: a note that is repeated within ten minutes costs no request, later it counts the Event up. */
export function createEventRecorder(options: RecorderOptions): EventRecorder {
  const { clock, log, source } = options
  const remembered = new Lru<Remembered>(maxRemembered)
  const allows = createSpamFilter()

  const drop = ({ about, note }: Pick<PendingEvent, 'about' | 'note'>, why: object): void => {
    log.debug({ [about.kind]: about.metadata.name, reason: note.reason, ...why }, 'Event dropped')
  }

  const outbox = createOutbox<PendingEvent>(clock, async pending => {
    try {
      const count = await writeEvent(options, pending)
      const { count: recorded, at } = remembered.get(pending.name) ?? { count: pending.count, at: clock.elapsed() }
      remembered.set(pending.name, { at, count: count + recorded - pending.count })
    } catch (error) {
      remembered.delete(pending.name)
      drop(pending, { error })
    }
  })

  const record = (about: KubeObject, note: EventNote): void => {
    const name = eventName({ about, note, source })
    const before = remembered.get(name)
    const at = clock.elapsed()
    const pending = { about, note, name, count: (before?.count ?? 0) + 1 }
    if (before && (note.isOnce || at - before.at < quietMs)) {
      remembered.set(name, { at: before.at, count: pending.count })
    } else if (!allows(about.metadata.uid ?? name, at)) {
      drop(pending, { why: 'too many about this object' })
    } else if (outbox.offer(pending)) {
      remembered.set(name, { at, count: pending.count })
    } else {
      drop(pending, { why: 'too many wait' })
    }
  }
  return { record, close: outbox.close }
}

// Tells users what happened, as Events of the object — shell
import type { KubeObject } from '@k0smotron-ts/api'
import type { EventNote } from '../contract/types.ts'
import type { Logger } from '../log.ts'
import { Lru } from '../lru.ts'
import { eventName } from './event.ts'
import { createOutbox } from './outbox.ts'
import { createSpamFilter } from './spam-filter.ts'
import { quietMs, type TellDeps, type Telling, tell } from './tell.ts'

export interface EventRecorder {
  /**
   * Never blocks and never fails: what cannot be told is dropped, and said at debug level. The message is stored in the
   * cluster for everyone who may read Events: it must not hold a secret, and the same cause must give the same text.
   */
  record(about: KubeObject, note: EventNote): void
  /** Takes no further note and sends what waits, for at most so long. */
  readonly close: (limitMs: number) => Promise<void>
}

export interface RecorderOptions extends TellDeps {
  readonly log: Logger
}

/** How often a note was recorded, and when a request was last made for it. */
interface Told {
  readonly count: number
  readonly at: number
}

const mostTold = 10_000

/** One Event per note: a note that is repeated within ten minutes costs no request, later it counts the Event up. */
export function createEventRecorder(options: RecorderOptions): EventRecorder {
  const { clock, log, source } = options
  const told = new Lru<Told>(mostTold)
  const allows = createSpamFilter()

  const drop = ({ about, note }: Pick<Telling, 'about' | 'note'>, why: object): void => {
    log.debug({ [about.kind]: about.metadata.name, reason: note.reason, ...why }, 'Event dropped')
  }

  const outbox = createOutbox<Telling>(clock, async telling => {
    try {
      const count = await tell(options, telling)
      const { count: recorded, at } = told.get(telling.name) ?? { count: telling.count, at: clock.elapsed() }
      told.set(telling.name, { at, count: count + recorded - telling.count })
    } catch (error) {
      told.delete(telling.name)
      drop(telling, { error })
    }
  })

  const record = (about: KubeObject, note: EventNote): void => {
    const name = eventName({ about, note, source })
    const before = told.get(name)
    const at = clock.elapsed()
    const telling = { about, note, name, count: (before?.count ?? 0) + 1 }
    if (before && at - before.at < quietMs) {
      told.set(name, { at: before.at, count: telling.count })
    } else if (!allows(about.metadata.uid ?? name, at)) {
      drop(telling, { why: 'too many about this object' })
    } else if (outbox.offer(telling)) {
      told.set(name, { at, count: telling.count })
    } else {
      drop(telling, { why: 'too many wait' })
    }
  }
  return { record, close: outbox.close }
}

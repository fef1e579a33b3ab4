// How much is reported, kept for that, and waited for on the way — core
import type { Limit } from './limits.ts'

export type ReportLimitName =
  | 'conditionCharacters'
  | 'refusalCharacters'
  | 'lastWordsCharacters'
  | 'eventCharacters'
  | 'eventsWaiting'
  | 'eventsRemembered'
  | 'silencesRemembered'
  | 'repeatMilliseconds'

export const reportLimits: Readonly<Record<ReportLimitName, Limit>> = {
  conditionCharacters: {
    value: 10_240,
    unit: 'count',
    what: "Characters of a condition's message",
    why: 'The API server refuses the whole status with a longer one',
    beyond: 'It is cut, with `…` at its end',
    shown: 'There',
  },
  refusalCharacters: {
    value: 1_024,
    unit: 'count',
    what: "Characters of a server's own words for a refusal",
    why: 'They go into Events and logs, and a server may write what it likes',
    beyond: 'They are cut',
    shown: 'There',
  },
  lastWordsCharacters: {
    value: 300,
    unit: 'count',
    what: 'Characters of the last line of a container that ended',
    why: 'It goes into a condition, which is read in a terminal',
    beyond: 'It is cut, with `…` at its end',
    shown: 'There; the log of the container has all of it',
  },
  eventCharacters: {
    value: 1_024,
    unit: 'count',
    what: "Characters of an Event's message",
    why: 'The API server refuses an Event with a longer one',
    beyond: 'It is cut',
    shown: 'There',
  },
  eventsWaiting: {
    value: 5_000,
    unit: 'count',
    what: 'Events that wait to be sent',
    why: 'A server that takes none for hours would have them fill the memory',
    beyond: 'The newest are dropped; conditions say the same',
    shown: 'Log `Event dropped`, at level debug',
  },
  eventsRemembered: {
    value: 10_000,
    unit: 'count',
    what: 'Events that are remembered, so that one that repeats within ten minutes costs no request',
    why: 'Each takes memory',
    beyond: 'The one that was not needed for longest is forgotten, and sent again when it repeats',
    shown: 'Nowhere',
  },
  silencesRemembered: {
    value: 10_000,
    unit: 'count',
    what: 'Workload clusters of which it is remembered since when they are silent',
    why: 'Each takes memory',
    beyond: 'The silence of the one that was not needed for longest counts anew from its next pass',
    shown: 'Nowhere',
  },
  repeatMilliseconds: {
    value: 10_000,
    unit: 'milliseconds',
    what: '`Retry-After` of the management API that a pass waits for itself, up to three times in a row',
    why: 'A pass that waits keeps its worker',
    beyond: 'The pass fails, and its object is not looked at before that time',
    shown: 'Metric `controller_runtime_reconcile_errors_total`; log `Pass failed, trying again`',
  },
}

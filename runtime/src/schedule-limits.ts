// How long a schedule that a user writes may be, and how close its times — core
import type { Limit } from './limits.ts'

export type ScheduleLimitName = 'scheduleCharacters' | 'scheduleMilliseconds'

export const scheduleLimits: Readonly<Record<ScheduleLimitName, Limit>> = {
  scheduleCharacters: {
    value: 128,
    unit: 'count',
    what: 'Characters of a cron expression, or of the name of a time zone',
    why: 'It is read in each pass, and each write',
    beyond: 'It counts as none, and nothing follows from it',
    shown: 'Condition `NotSupported`, with its beginning; a warning to who writes it',
  },
  scheduleMilliseconds: {
    value: 900_000,
    unit: 'milliseconds',
    what: 'At least between a time of day at which a schedule stops a control plane, and another one at which it starts it',
    why: 'Whoever writes a schedule once lets pods be stopped and made for ever',
    beyond: 'Nothing follows from the schedule',
    shown: 'Condition `NotSupported`, with what to write; a warning to who writes it',
  },
}

// A log that says the same thing only so many times a minute — shell
import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import type { Logger } from '../log.ts'

const minuteMs = 60_000

/** Lines of one message within a minute. */
interface Said {
  readonly since: number
  lines: number
}

/**
 * For errors that whoever makes objects can cause: of each message the first ones of a minute are written. The first of
 * a later minute has the number of those that were not. All else passes.
 */
export function sparingLog(log: Logger, clock: Pick<Clock, 'elapsed'>): Logger {
  const said = new Map<string, Said>()
  const maxLines = limits.errorLines.value
  return {
    error: (fields, message) => {
      const before = said.get(message)
      if (before && clock.elapsed() - before.since < minuteMs) {
        before.lines += 1
        if (before.lines <= maxLines) log.error(fields, message)
        return
      }
      said.set(message, { since: clock.elapsed(), lines: 1 })
      const unsaid = (before?.lines ?? 0) - maxLines
      log.error(unsaid > 0 ? { ...fields, unsaid } : fields, message)
    },
    info: (fields, message) => log.info(fields, message),
    debug: (fields, message) => log.debug(fields, message),
    child: fields => sparingLog(log.child(fields), clock),
  }
}

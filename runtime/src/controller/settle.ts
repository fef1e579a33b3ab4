// How a pass ends that has told everything — core
import { ContestedError } from '../apply/contest.ts'
import { type Action, type Applied, requeueAfter } from '../contract/types.ts'

/**
 * Throws what was refused, for the queue to back off; the status has told it by now. A contest is no failure: stepping
 * back for minutes is what ends it.
 */
export function settle(applied: readonly Applied[], otherwise: Action): Action {
  const errors = applied.flatMap(({ error }) => error ?? [])
  const [contest] = errors.filter(error => error instanceof ContestedError)
  const failures = errors.filter(error => !(error instanceof ContestedError))
  const [first] = failures
  if (failures.length > 1)
    throw new AggregateError(failures, `${failures.length} objects were refused: ${first?.message}`)
  if (first) throw first
  return contest ? requeueAfter(contest.retryAfterMilliseconds) : otherwise
}

/** The deadline that comes first; without any, a change is waited for. */
export function deadline(otherwise: Action, now: Date, ...times: readonly (Date | undefined)[]): Action {
  const due = times.flatMap(time => (time ? [Math.max(0, time.getTime() - now.getTime())] : []))
  return due.length === 0 ? otherwise : requeueAfter(Math.min(...due))
}

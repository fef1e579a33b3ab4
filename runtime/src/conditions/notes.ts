// What of a status people are told by Events — core
import { type Condition, hibernated } from '@k0smotron-ts/api'
import type { ConditionDraft, EventNote } from '../contract/types.ts'
import { conditionIn } from './conditions.ts'

/**
 * A note for each condition that changed its mind: a repeated pass tells nothing. That something is not so, as usual, is
 * no news.
 */
export function notesOf(
  before: readonly Condition[] | undefined,
  conditions: readonly ConditionDraft[],
  isTrouble: (condition: ConditionDraft) => boolean,
): EventNote[] {
  return conditions.flatMap(condition => {
    const known = conditionIn(before, condition.type)
    if (known?.status === condition.status && known.reason === condition.reason) return []
    const { type, status, reason, message } = condition
    if (!known && status === 'False' && message === '') return []
    return [{ type: isTrouble(condition) ? 'Warning' : 'Normal', reason, message: message || `${type} is ${status}` }]
  })
}

/** False for a cause, and not because something is still to come, or nobody wants it now. */
export function isFailure({ status, reason, message }: ConditionDraft): boolean {
  return status === 'False' && message !== '' && !reason.startsWith('WaitingFor') && reason !== hibernated
}

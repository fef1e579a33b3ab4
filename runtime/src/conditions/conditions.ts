// Conditions: one list per pass, with times that only move when a status moves — core
import type { Condition } from '@k0smotron-ts/api'
import { timeText } from '../clock.ts'
import type { ConditionDraft } from '../contract/types.ts'
import { limits } from '../limits.ts'

export interface Reported {
  readonly generation: number | undefined
  readonly live: readonly Condition[] | undefined
  readonly now: Date
}

/**
 * The conditions to write: a draft whose status equals the live one keeps its lastTransitionTime, and one that is carried
 * over unchanged (`untouched`) speaks of the generation that it spoke of. Sorted by type, so that the same drafts in
 * another order are the same list.
 */
export function conditionsOf(drafts: readonly ConditionDraft[], { generation, live, now }: Reported): Condition[] {
  return drafts
    .map(draft => {
      const before = live?.find(({ type }) => type === draft.type)
      const lastTransitionTime = before?.status === draft.status ? before.lastTransitionTime : timeText(now)
      const observedGeneration = draft.observedGeneration ?? generation
      const message = fitting(draft.message)
      return { ...draft, message, lastTransitionTime, ...(observedGeneration !== undefined && { observedGeneration }) }
    })
    .sort((a, b) => (a.type < b.type ? -1 : 1))
}

/** What metav1.Condition takes for a message: a longer one would make the whole status unwritable. */
const maxMessageLength = limits.conditionCharacters.value

function fitting(message: string): string {
  if (message.length <= maxMessageLength) return message
  // a character of two units is not cut in half
  return `${message.slice(0, maxMessageLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** The condition of that type. */
export function conditionIn<T extends ConditionDraft>(
  conditions: readonly T[] | undefined,
  type: string,
): T | undefined {
  return conditions?.find(condition => condition.type === type)
}

/** The live condition as a draft that nobody evaluated anew. */
export function untouched({ lastTransitionTime: _, ...condition }: Condition): ConditionDraft {
  return condition
}

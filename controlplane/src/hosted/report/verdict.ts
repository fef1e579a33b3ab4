// What a pass came to, and what its status says of it — core
import type { Applied, ConditionDraft, Outcome, Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'
import { deletingConditions, pausedConditions, waitingConditions } from './conditions.ts'
import { refusalOf } from './refused.ts'

/** With what was refused, all that a status is made from. */
export type Verdict = Held | { readonly kind: 'kept'; readonly outcomes: readonly Outcome[] }

/** Nothing was decided about the parts: everything that is known of them stays. */
export type Held =
  | { readonly kind: 'paused'; readonly isGoing: boolean }
  /** Nothing but marks on objects was written; there is nothing to say unless it was refused. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'waiting'; readonly wait: Wait }
  /** `message`: what is still there; absent when nothing is. */
  | { readonly kind: 'deleting'; readonly message?: string }

/** Absent when there is nothing to say. */
export function heldConditions(
  observed: Observed,
  verdict: Held,
  applied: readonly Applied[],
): readonly ConditionDraft[] | undefined {
  const refused = refusalOf(applied)
  switch (verdict.kind) {
    case 'paused':
      return pausedConditions(verdict.isGoing)
    case 'waiting':
      return waitingConditions(observed, verdict.wait)
    case 'claimed':
      return refused && waitingConditions(observed, refused)
    case 'deleting': {
      const message = refused?.message ?? verdict.message
      return message === undefined ? undefined : deletingConditions(message)
    }
  }
}

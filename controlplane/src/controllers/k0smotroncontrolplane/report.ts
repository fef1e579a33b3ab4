// Tells users where a control plane stands — shell
import { type Condition, controlPlaneCondition, k0smotronControlPlane } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, type EventNote, type Shell } from '@k0smotron-ts/runtime'
import type { Observed } from '../../hosted/observed.ts'
import type { StatusDraft } from './status.ts'

/** One status apply, and an Event for each condition that changed its mind: `kubectl describe` reads as a story. */
export async function tell(shell: Shell, { controlPlane }: Observed, status: StatusDraft): Promise<void> {
  await shell.report(k0smotronControlPlane, controlPlane, status)
  for (const note of notesOf(controlPlane.status?.conditions, status)) shell.event(controlPlane, note)
}

/** Told after the status is stored: a repeated pass finds it there and tells nothing. */
export function notesOf(before: readonly Condition[] | undefined, { conditions }: StatusDraft): EventNote[] {
  return conditions.flatMap(condition => {
    const known = conditionIn(before, condition.type)
    if (known?.status === condition.status && known.reason === condition.reason) return []
    const isUsualAbsence = !known && condition.status === 'False' && condition.message === ''
    return isUsualAbsence ? [] : [noteOf(condition)]
  })
}

function noteOf({ type, status, reason, message }: ConditionDraft): EventNote {
  const isExpected = reason.startsWith('WaitingFor') || reason === controlPlaneCondition.availableReason.notInitialized
  const isTrouble = status === 'False' && message !== '' && !isExpected
  return { type: isTrouble ? 'Warning' : 'Normal', reason, message: message || `${type} is ${status}` }
}

// Tells users where a worker config stands — shell
import { type Condition, dataSecret, k0sWorkerConfig } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, type EventNote, type Shell } from '@k0smotron-ts/runtime'
import type { Observed } from './observed.ts'
import type { StatusDraft } from './status.ts'

/** One status apply, and an Event for each condition that changed its mind: `kubectl describe` reads as a story. */
export async function tell(shell: Shell, { config }: Observed, status: StatusDraft): Promise<void> {
  await shell.report(k0sWorkerConfig, config, status)
  for (const note of notesOf(config.status?.conditions, status)) shell.event(config, note)
}

/** Ready only repeats DataSecretAvailable; that something is not so, as usual, is no news. */
export function notesOf(before: readonly Condition[] | undefined, { conditions }: StatusDraft): EventNote[] {
  return conditions.flatMap(condition => {
    const known = conditionIn(before, condition.type)
    const isKnown = known?.status === condition.status && known.reason === condition.reason
    const isUsual = !known && condition.status === 'False' && condition.message === ''
    return isKnown || isUsual || condition.type === dataSecret.ready ? [] : [noteOf(condition)]
  })
}

function noteOf({ type, status, reason, message }: ConditionDraft): EventNote {
  const isTrouble =
    (status === 'False' && message !== '' && !reason.startsWith('WaitingFor')) || type === 'NotSupported'
  return { type: isTrouble ? 'Warning' : 'Normal', reason, message: message || `${type} is ${status}` }
}

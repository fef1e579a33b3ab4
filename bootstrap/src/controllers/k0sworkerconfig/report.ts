// Tells users where a worker config stands — shell
import { type Condition, dataSecret, k0sWorkerConfig, notSupported } from '@k0smotron-ts/api'
import { type EventNote, isFailure, notesOf, type Shell } from '@k0smotron-ts/runtime'
import type { Observed } from './observed.ts'
import type { StatusDraft } from './status.ts'

/** One status apply, and an Event for each condition that changed its mind: `kubectl describe` reads as a story. */
export async function tell(shell: Shell, { config }: Observed, status: StatusDraft): Promise<void> {
  await shell.report(k0sWorkerConfig, config, status)
  for (const note of newsOf(config.status?.conditions, status)) shell.event(config, note)
}

/** Ready only repeats DataSecretAvailable. */
export function newsOf(before: readonly Condition[] | undefined, { conditions }: StatusDraft): EventNote[] {
  const telling = conditions.filter(({ type }) => type !== dataSecret.ready)
  return notesOf(before, telling, condition => isFailure(condition) || condition.type === notSupported)
}

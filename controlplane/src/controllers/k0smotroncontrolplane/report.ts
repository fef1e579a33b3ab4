// Tells users where a control plane stands — shell
import { type Condition, controlPlaneCondition, k0smotronControlPlane } from '@k0smotron-ts/api'
import { type ConditionDraft, type EventNote, isFailure, notesOf, type Shell } from '@k0smotron-ts/runtime'
import type { Snapshot } from './snapshot.ts'
import type { StatusDraft } from './status.ts'

/**
 * One status apply, and then an Event for each condition that changed its mind: `kubectl describe` reads as a story, and
 * a repeated pass finds the status stored and reports nothing.
 */
export async function report(shell: Shell, { controlPlane }: Snapshot, status: StatusDraft): Promise<void> {
  await shell.report(k0smotronControlPlane, controlPlane, status)
  for (const note of eventsFor(controlPlane.status?.conditions, status)) shell.event(controlPlane, note)
}

export function eventsFor(before: readonly Condition[] | undefined, { conditions }: StatusDraft): EventNote[] {
  return notesOf(before, conditions, isTrouble)
}

function isTrouble(condition: ConditionDraft): boolean {
  return isFailure(condition) && condition.reason !== controlPlaneCondition.availableReason.notInitialized
}

// Tells users where a worker config stands — shell
import { type Condition, dataSecret, k0sWorkerConfig, notSupported } from '@k0smotron-ts/api'
import { type EventNote, isFailure, keyOf, notesOf, type Shell } from '@k0smotron-ts/runtime'
import type { Observed, Progress } from '../observed.ts'
import { refusedWait } from './refusal.ts'
import { joinBlocked, type StatusDraft, statusOf } from './status.ts'

const { dataSecretAvailable, joinable, ready } = dataSecret

/** What a pass came to. Where nothing is known to say, nothing is said. */
export async function reportProgress(shell: Shell, progress: Progress): Promise<void> {
  const refused = refusedWait(progress.applied, progress.isStored ? joinable : dataSecretAvailable)
  const blocked = refused && joinBlocked(refused)
  const status = statusOf({ ...progress, ...(blocked && { joinable: blocked }) }, refused ?? progress.wait)
  if (status) await report(shell, progress.observed, status, refused?.words)
}

/** One status apply, and an Event for each condition that changed its mind: `kubectl describe` reads as a story. */
export async function report(shell: Shell, { config }: Observed, status: StatusDraft, words?: string): Promise<void> {
  const live = shell.read.get(k0sWorkerConfig, keyOf(config)) ?? config // this pass may have reported already
  await shell.report(k0sWorkerConfig, live, status)
  for (const note of eventsFor(live.status?.conditions, status, words)) shell.event(live, note)
}

/** Ready only repeats DataSecretAvailable. `words` of a server that refuses come with the Event of the refusal, once. */
export function eventsFor(
  before: readonly Condition[] | undefined,
  { conditions }: StatusDraft,
  words?: string,
): EventNote[] {
  const telling = conditions.filter(({ type }) => type !== ready)
  const notes = notesOf(before, telling, condition => isFailure(condition) || condition.type === notSupported)
  return notes.map(note => (words !== undefined && isRefusal(note) ? { ...note, message: words } : note))
}

const { applyRefused, requestsFailing, workloadRefused } = dataSecret.dataSecretReason

function isRefusal({ reason }: EventNote): boolean {
  return reason === applyRefused || reason === workloadRefused || reason === requestsFailing
}

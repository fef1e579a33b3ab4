// Tells users where a control plane stands — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { eventsFor } from './news.ts'
import type { Snapshot } from './snapshot.ts'
import type { StatusDraft } from './status.ts'

/**
 * One status apply, and then an Event for each piece of news: `kubectl describe` reads as a story, and a repeated pass
 * finds the status stored and reports nothing.
 */
export async function report(shell: Shell, { controlPlane, hosted }: Snapshot, reported: Report): Promise<void> {
  const { status, words } = reported
  await shell.report(k0smotronControlPlane, controlPlane, status)
  const { endpoint } = hosted.exposure
  const access = { ...(endpoint && { endpoint }), secret: hosted.names.kubeconfig }
  const notes = eventsFor(controlPlane.status?.conditions, status, { access, ...(words !== undefined && { words }) })
  for (const note of notes) shell.event(controlPlane, note)
}

export interface Report {
  readonly status: StatusDraft
  /** What an API server said when it refused something. */
  readonly words?: string
}

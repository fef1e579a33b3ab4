// Reports where a control plane stands — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import type { Shell } from '@k0smotron-ts/runtime'
import { eventsFor } from './news.ts'
import { refusalOf } from './refused.ts'
import { type Pass, statusOf } from './status.ts'

/**
 * One status apply, and then an Event for each piece of news: `kubectl describe` reads as a story, and a repeated pass
 * finds the status stored and reports nothing.
 */
export async function report(shell: Shell, pass: Pass): Promise<void> {
  const { applied, observed } = pass
  const status = statusOf(pass)
  if (!status) return
  const { controlPlane, hosted } = observed
  await shell.report(k0smotronControlPlane, controlPlane, status)
  const { endpoint } = hosted.exposure
  const words = refusalOf(applied)?.words
  const access = { ...(endpoint && { endpoint }), secret: hosted.names.kubeconfig }
  const notes = eventsFor(controlPlane.status?.conditions, status, { access, ...(words !== undefined && { words }) })
  for (const note of notes) shell.event(controlPlane, note)
}

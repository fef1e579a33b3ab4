// Reports where a control plane stands — shell
import type { Condition, KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Applied, Shell, StatusDraft } from '@k0smotron-ts/runtime'
import { endNotices } from '../facts/ending.ts'
import type { Observed } from '../observed.ts'
import { eventsFor } from './news.ts'
import { refusalOf } from './refused.ts'

interface Reported<T extends KubeObject> {
  readonly type: ResourceType<T>
  readonly object: T & { readonly status?: { readonly conditions?: readonly Condition[] } }
  readonly observed: Observed
  readonly applied: readonly Applied[]
}

/**
 * One status apply, and then an Event for each piece of news: `kubectl describe` reads as a story, and a repeated pass
 * finds the status stored and reports nothing.
 */
export async function reportStatus<T extends KubeObject>(
  shell: Shell,
  { type, object, observed, applied }: Reported<T>,
  status: StatusDraft,
): Promise<void> {
  await shell.report(type, object, status)
  const { endpoint } = observed.exposure
  const words = refusalOf(applied)?.words
  const access = { ...(endpoint && { endpoint }), secret: observed.names.kubeconfig }
  const details = { access, ...(words !== undefined && { words }) }
  const news = eventsFor(object.status?.conditions, status.conditions, details)
  for (const note of [...news, ...endNotices(observed)]) shell.event(object, note)
}

// Says on an object that a pass over it ended before it reported anything — shell
import type { Condition, KubeObject, ResourceType } from '@k0smotron-ts/api'
import { notesOf } from '../conditions/notes.ts'
import { withConditions } from '../conditions/with-conditions.ts'
import type { ConditionDraft, Shell } from '../contract/types.ts'

type Reported = KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } }

interface Said {
  /** The first says what failed; the others sum it up. */
  readonly conditions: readonly [ConditionDraft, ...ConditionDraft[]]
  /** The server's own, for one Event when the first condition is news. */
  readonly words: string | undefined
}

/** Nothing was decided, so everything else that is known of the object stays. */
export async function reportBesideKnown(
  shell: Shell,
  { type, object }: { readonly type: ResourceType; readonly object: Reported },
  { conditions, words }: Said,
): Promise<void> {
  await shell.report(type, object, withConditions(object.status, conditions))
  if (words === undefined) return
  const notes = notesOf(object.status?.conditions, [conditions[0]], () => true)
  for (const note of notes) shell.event(object, { ...note, message: words })
}

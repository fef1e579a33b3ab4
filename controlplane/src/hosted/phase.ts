// What the phases of a hosted control plane have in common — core

import type { KubeObject } from '@k0smotron-ts/api'
import type { ConditionDraft, Outcome, Wait } from '@k0smotron-ts/runtime'

/** True; the message says what there is now. */
export function done(type: string, { reason, message }: Wait, objects: readonly KubeObject[] = []): Outcome {
  return { conditions: [{ type, status: 'True', reason, message }], objects }
}

/** Not yet: the message names what ends the wait. What can be rendered already is rendered: waiting deletes nothing. */
export function waits(type: string, wait: Wait, objects: readonly KubeObject[] = []): Outcome {
  return { conditions: [waiting(type, wait)], objects }
}

export function waiting(type: string, { reason, message }: Wait): ConditionDraft {
  return { type, status: 'False', reason, message }
}

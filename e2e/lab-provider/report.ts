// What every status of the lab provider has — core
import type { ConditionDraft, Wait } from '@k0smotron-ts/runtime'
import { ready, readyReason } from './kinds/conditions.ts'

export const isReady: ConditionDraft = { type: ready, status: 'True', reason: readyReason.provisioned, message: '' }

export function notReady({ reason, message }: Wait): ConditionDraft {
  return { type: ready, status: 'False', reason, message }
}

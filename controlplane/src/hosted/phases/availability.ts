// Phase availability: whether the hosted API server has answered, and answers — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { ConditionDraft, Outcome } from '@k0smotron-ts/runtime'
import { isInitialized, isWorthProbing } from '../facts/reachability.ts'
import type { Observed } from '../observed.ts'

const { available, availableReason, initialized } = controlPlaneCondition

/** `earlier`: the other phases' conditions, of which the first that is not done is what is waited for. */
export function renderAvailability(observed: Observed, earlier: readonly ConditionDraft[]): Outcome {
  return { conditions: [availableCondition(observed, earlier), initializedCondition(observed)], objects: [] }
}

function availableCondition(observed: Observed, earlier: readonly ConditionDraft[]): ConditionDraft {
  const { hostedAPI, memory } = observed
  if (hostedAPI?.ready) return { type: available, status: 'True', reason: availableReason.available, message: '' }
  const known = memory.available
  // just started, and not asked yet: what was true before is not taken back without a reason
  if (!hostedAPI && known && isInitialized(observed) && isWorthProbing(observed)) return known
  const first = earlier.find(({ status }) => status !== 'True')
  const reason = first?.reason ?? availableReason.unreachable
  const message = first?.message ?? hostedAPI?.message ?? 'waiting for the first answer of the API server'
  return { type: available, status: 'False', reason, message }
}

function initializedCondition(observed: Observed): ConditionDraft {
  return isInitialized(observed)
    ? { type: initialized, status: 'True', reason: availableReason.initialized, message: '' }
    : {
        type: initialized,
        status: 'False',
        reason: availableReason.notInitialized,
        message: 'the API server has not answered yet',
      }
}

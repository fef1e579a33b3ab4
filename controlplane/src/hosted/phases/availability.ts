// Phase availability: whether the workload API has answered, and answers — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type ConditionDraft, isFailure, type Outcome } from '@k0smotron-ts/runtime'
import { hibernationWait } from '../facts/hibernation.ts'
import { isInitialized, isWorthProbing } from '../facts/reachability.ts'
import type { Observed } from '../observed.ts'
import { waiting } from '../phase.ts'

const { anyPhaseReason, available, availableReason, endpointReason, initialized } = controlPlaneCondition

/** `earlier`: the other phases' conditions, with what the API server refused. */
export function renderAvailability(observed: Observed, earlier: readonly ConditionDraft[]): Outcome {
  const answered = initializedCondition(observed)
  return { conditions: [availableCondition(observed, earlier), answered], objects: [] }
}

function availableCondition(observed: Observed, earlier: readonly ConditionDraft[]): ConditionDraft {
  const { workloadAPI, memory } = observed
  const hibernation = hibernationWait(observed)
  if (hibernation) return waiting(available, hibernation)
  if (workloadAPI?.ready) return { type: available, status: 'True', reason: availableReason.available, message: '' }
  const known = memory.available
  // just started, and not asked yet: what was true before is not taken back without a reason
  const isKnown = known && known.reason !== anyPhaseReason.hibernated
  if (!workloadAPI && isKnown && isInitialized(observed) && isWorthProbing(observed)) return known
  const first = causeOf(earlier)
  const reason = first?.reason ?? availableReason.unreachable
  const message = first?.message ?? workloadAPI?.message ?? unasked(observed)
  return { type: available, status: 'False', reason, message }
}

/** Just started: what was found before is as good as nothing, and says more. */
function unasked(observed: Observed): string {
  const { available: known } = observed.memory
  const wasAsked = known?.reason === availableReason.unreachable && isWorthProbing(observed)
  return wasAsked ? known.message : 'waiting for the first answer of the API server'
}

/** Waits for the very answer that Available waits for. */
const isAsked = endpointReason.waitingForAnswer

/** What needs somebody to act comes before what passes by itself: one often waits for the other. */
function causeOf(earlier: readonly ConditionDraft[]): ConditionDraft | undefined {
  return earlier.find(isFailure) ?? earlier.find(({ status, reason }) => status !== 'True' && reason !== isAsked)
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

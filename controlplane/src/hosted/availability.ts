// Phase availability: whether the hosted API server has answered, and answers — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import type { ConditionDraft, Outcome } from '@k0smotron-ts/runtime'
import { isOwned } from './identity.ts'
import { kubeconfigPlan } from './kubeconfig.ts'
import type { Observed } from './observed.ts'
import { isReady, podsOf } from './pod-trouble.ts'

const { available, availableReason, initialized } = controlPlaneCondition

/** Never taken back (CT-C14). Not gated on the infrastructure: some infrastructure waits for us. */
export function isInitialized(observed: Observed): boolean {
  return observed.memory.initialized || observed.hostedAPI?.ready === true
}

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

/**
 * Whether asking the hosted API server makes sense: before a pod is ready nobody outside reaches it. Only with a
 * kubeconfig of ours that is as it should be: another's might lead anywhere, and its answer would be believed.
 */
export function isWorthProbing(observed: Observed): boolean {
  const { secrets, owner } = observed
  const isOurs = secrets.kubeconfig !== undefined && isOwned(secrets.kubeconfig, owner)
  return isOurs && kubeconfigPlan(observed) === 'keep' && podsOf(observed, 'cluster').some(isReady)
}

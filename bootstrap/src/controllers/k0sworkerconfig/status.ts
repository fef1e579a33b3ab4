// The status of a worker config — core
import { dataSecret, type K0sWorkerConfigStatus, notSupportedCondition, pausedCondition } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, kept, untouched, type Wait } from '@k0smotron-ts/runtime'
import { unsupportedFields } from './not-supported.ts'
import type { Observed } from './observed.ts'

const { dataSecretAvailable, dataSecretReason, joinable, ready, readyReason } = dataSecret

export interface StatusDraft extends Omit<K0sWorkerConfigStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

/** The Secret is stored. Built from the Secret alone, so a status that a move or a restore lost comes back (CT-B18). */
export function settledStatus(observed: Observed, hindrance?: ConditionDraft): StatusDraft {
  const { name = '' } = observed.config.metadata
  return {
    dataSecretName: name,
    initialization: { dataSecretCreated: true },
    conditions: [
      { type: dataSecretAvailable, status: 'True', reason: dataSecretReason.available, message: '' },
      { type: ready, status: 'True', reason: readyReason.ready, message: '' },
      ...(hindrance ? [hindrance] : []),
      ...unsupportedCondition(observed),
      pausedCondition.free,
    ],
  }
}

/** The machine has its data, and cannot join. */
export function hinderedBy({ reason, message }: Wait): ConditionDraft {
  return { type: joinable, status: 'False', reason, message }
}

/** What was said about the join, where nothing new is known. */
export function knownHindrance({ config }: Observed): ConditionDraft | undefined {
  const known = conditionIn(config.status?.conditions, joinable)
  return known && untouched(known)
}

/** There is no Secret, or none any more: what was told to Cluster API stays told (CT-B07). */
export function waitingStatus(observed: Observed, { reason, message }: Wait): StatusDraft {
  const { dataSecretName, initialization } = observed.config.status ?? {}
  return {
    ...(dataSecretName !== undefined && { dataSecretName }),
    ...(initialization && { initialization }),
    conditions: [
      { type: dataSecretAvailable, status: 'False', reason, message },
      { type: ready, status: 'False', reason: readyReason.notReady, message },
      ...unsupportedCondition(observed),
      pausedCondition.free,
    ],
  }
}

/** While paused: everything as it was, and that nothing will change. */
export function heldStatus({ config }: Observed): StatusDraft {
  return kept(config.status, [pausedCondition.held])
}

function unsupportedCondition(observed: Observed): ConditionDraft[] {
  return notSupportedCondition(unsupportedFields(observed).map(({ path }) => path))
}

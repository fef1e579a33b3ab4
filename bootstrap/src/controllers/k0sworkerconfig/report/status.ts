// The status of a worker config — core
import { dataSecret, type K0sWorkerConfigStatus, notSupportedCondition, pausedCondition } from '@k0smotron-ts/api'
import { type ConditionDraft, conditionIn, untouched, type Wait, withConditions } from '@k0smotron-ts/runtime'
import { installedVersionOf } from '../input/k0s-version.ts'
import { unsupportedFields } from '../input/not-supported.ts'
import type { Observed, Progress } from '../observed.ts'

const { dataSecretAvailable, dataSecretReason, dataFits: fits, joinable, ready, readyReason } = dataSecret

export interface StatusDraft extends Omit<K0sWorkerConfigStatus, 'conditions'> {
  readonly conditions: readonly ConditionDraft[]
}

export function statusOf(progress: Progress, wait: Wait | undefined = progress.wait): StatusDraft | undefined {
  if (progress.isStored) return storedStatus(progress)
  return wait && waitingStatus(progress.observed, wait)
}

/** Built from the Secret alone, so a status that a move or a restore lost comes back. */
function storedStatus({ observed, joinable: blocked, dataFits, tokenExpiration }: Progress): StatusDraft {
  const { metadata, status } = observed.config
  const said = dataFits ?? knownCondition(observed, fits)
  const version = status?.initialization?.dataSecretCreated ? status.version : installedVersionOf(observed)
  return {
    dataSecretName: metadata.name ?? '',
    initialization: { dataSecretCreated: true },
    ...(version !== undefined && { version }),
    ...(tokenExpiration !== undefined && { joinTokenExpiration: tokenExpiration }),
    conditions: [
      { type: dataSecretAvailable, status: 'True', reason: dataSecretReason.available, message: '' },
      { type: ready, status: 'True', reason: readyReason.ready, message: '' },
      ...(said ? [said] : []),
      ...(blocked ? [blocked] : []),
      ...unsupportedCondition(observed),
      pausedCondition.notPaused,
    ],
  }
}

/** There is no Secret, or none any more: what was told to Cluster API stays told. */
function waitingStatus(observed: Observed, { reason, message }: Wait): StatusDraft {
  const { dataSecretName, initialization } = observed.config.status ?? {}
  return {
    ...(dataSecretName !== undefined && { dataSecretName }),
    ...(initialization && { initialization }),
    conditions: [
      { type: dataSecretAvailable, status: 'False', reason, message },
      { type: ready, status: 'False', reason: readyReason.notReady, message },
      ...unsupportedCondition(observed),
      pausedCondition.notPaused,
    ],
  }
}

/** While paused: everything as it was, and that nothing will change. */
export function pausedStatus({ config }: Observed): StatusDraft {
  return withConditions(config.status, [pausedCondition.paused])
}

/** The machine has its data, and cannot join. */
export function joinBlocked({ reason, message }: Wait): ConditionDraft {
  return { type: joinable, status: 'False', reason, message }
}

/** What was said before, where nothing new is known. */
export function knownCondition({ config }: Observed, type: string): ConditionDraft | undefined {
  const known = conditionIn(config.status?.conditions, type)
  return known && untouched(known)
}

function unsupportedCondition(observed: Observed): ConditionDraft[] {
  return notSupportedCondition(unsupportedFields(observed).map(({ path }) => path))
}

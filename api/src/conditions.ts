// Conditions that every kind of ours can have — core
import type { Condition } from './meta.ts'

/** True while the Cluster or the object is paused: nothing is written but this condition (contract: ControlPlane: pausing). */
export const paused = 'Paused'

export const pausedReason = { paused: 'Paused', notPaused: 'NotPaused' } as const

export const pausedCondition = {
  paused: {
    type: paused,
    status: 'True',
    reason: pausedReason.paused,
    message: 'nothing is changed while paused',
  },
  notPaused: { type: paused, status: 'False', reason: pausedReason.notPaused, message: '' },
} as const

/** True when the spec sets fields that this release does not act on yet; the message lists their paths. */
export const notSupported = 'NotSupported'

export const notSupportedReason = { fieldsNotSupported: 'FieldsNotSupported' } as const

const beforePaths = 'these fields have no effect yet: '

/** None when every field that is set has its effect. */
export function notSupportedCondition(paths: readonly string[]) {
  if (paths.length === 0) return []
  const message = `${beforePaths}${paths.map(asOne).join(', ')}`
  return [{ type: notSupported, status: 'True', reason: notSupportedReason.fieldsNotSupported, message } as const]
}

/** Passes read the fields back: a text that a user wrote may not read as two. */
function asOne(path: string): string {
  return path.replaceAll(/,\s+/g, '; ')
}

/** What a condition says has no effect. */
export function pathsNotSupported(message: string): readonly string[] {
  return message.startsWith(beforePaths) ? message.slice(beforePaths.length).split(', ') : []
}

/** Of a control plane whose pods are stopped because somebody wants it so, and of what waits for them. */
export const hibernated = 'Hibernated'

/** What is said by whatever needs the API server of a control plane that hibernates, as that condition tells; none while it is to run. */
export function hibernationIn(conditions: readonly Condition[] | undefined, type: string, controlPlane: string) {
  const isSaid = conditions?.some(
    ({ type: one, status, reason }) => one === type && status === 'False' && reason === hibernated,
  )
  if (!isSaid) return undefined
  return { reason: hibernated, message: `${controlPlane} hibernates; this goes on when it is woken` } as const
}

/** Why a pass could not do its work, whatever the kind of the object. */
export const failureReason = {
  /** A kind that is needed is not served or may not be read. */
  waitingForKind: 'WaitingForKind',
  /** A read was refused, or requests have failed for a minute; an Event has the API server's answer. */
  requestsFailing: 'RequestsFailing',
  /** The provider itself failed; its log has the cause. */
  internalError: 'InternalError',
} as const

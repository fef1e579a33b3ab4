// Conditions that every kind of ours can have — core

/** True while the Cluster or the object is paused: nothing is written but this condition (CT-A08). */
export const paused = 'Paused'

export const pausedReason = { paused: 'Paused', notPaused: 'NotPaused' } as const

/** True when the spec sets fields that this release does not act on yet; the message lists their paths. */
export const notSupported = 'NotSupported'

export const notSupportedReason = { fieldsNotSupported: 'FieldsNotSupported' } as const

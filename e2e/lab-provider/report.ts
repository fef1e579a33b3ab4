// What every status of the lab provider has — core
import { type Condition, paused, pausedReason } from '@k0smotron-ts/api'
import { type ConditionDraft, untouched, type Wait } from '@k0smotron-ts/runtime'
import { ready, readyReason } from './kinds/conditions.ts'

export const isReady: ConditionDraft = { type: ready, status: 'True', reason: readyReason.provisioned, message: '' }

export function notReady({ reason, message }: Wait): ConditionDraft {
  return { type: ready, status: 'False', reason, message }
}

export const free: ConditionDraft = { type: paused, status: 'False', reason: pausedReason.notPaused, message: '' }

interface Told {
  readonly conditions?: readonly Condition[]
  readonly observedGeneration?: number
}

/** While paused: everything as it was, and that nothing will change (CT-A08). */
export function heldStatus<S extends Told>(
  status: S | undefined,
): Omit<S, keyof Told> & { conditions: ConditionDraft[] } {
  const { conditions = [], observedGeneration: _, ...rest } = status ?? ({} as S)
  return { ...rest, conditions: [held, ...conditions.filter(({ type }) => type !== paused).map(untouched)] }
}

const held: ConditionDraft = {
  type: paused,
  status: 'True',
  reason: pausedReason.paused,
  message: 'nothing is changed while paused',
}

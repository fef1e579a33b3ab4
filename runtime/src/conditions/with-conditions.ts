// A status that stays as it is but for some conditions — core
import type { Condition } from '@k0smotron-ts/api'
import type { ConditionDraft } from '../contract/types.ts'
import { untouched } from './conditions.ts'

interface Status {
  readonly conditions?: readonly Condition[]
}

/** For a pass that looked at no more than what it says: everything else stays, the generation that was looked at too. */
export function withConditions<S extends Status>(
  status: S | undefined,
  said: readonly ConditionDraft[],
): Omit<S, 'conditions'> & { readonly conditions: readonly ConditionDraft[] } {
  const { conditions = [], ...rest } = status ?? ({} as S)
  const others = conditions.filter(({ type }) => !said.some(condition => condition.type === type)).map(untouched)
  return { ...rest, conditions: [...said, ...others] }
}

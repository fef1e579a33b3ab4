// What the API server refused, as conditions — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Applied, type ConditionDraft, ContestedError, NotOursError, type Outcome } from '@k0smotron-ts/runtime'

const { anyPhaseReason } = controlPlaneCondition

/** The conditions of a phase; a refused object of its makes the first one False with the refusal's own words. */
export function refusals({ conditions, objects }: Outcome, applied: readonly Applied[]): readonly ConditionDraft[] {
  const refused = applied.filter(({ object, result }) => result === 'refused' && objects.includes(object))
  const [first, ...rest] = conditions
  if (refused.length === 0 || !first) return conditions
  const message = refused.map(({ error }) => error?.message).join('; ')
  return [{ ...first, status: 'False', reason: reasonOf(refused[0]?.error), message }, ...rest]
}

function reasonOf(error: Error | undefined): string {
  if (error instanceof NotOursError) return anyPhaseReason.notOurs
  return error instanceof ContestedError ? anyPhaseReason.contested : anyPhaseReason.applyRefused
}

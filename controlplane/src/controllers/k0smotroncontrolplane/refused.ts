// What the API server refused, as conditions — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import {
  type Applied,
  type ConditionDraft,
  ContestedError,
  isRace,
  NotOursError,
  type Outcome,
  type Wait,
} from '@k0smotron-ts/runtime'

const { anyPhaseReason } = controlPlaneCondition

/** The conditions of a phase; a refusal makes the first one False with the refusal's own words. */
export function withRefusals({ conditions, objects }: Outcome, applied: readonly Applied[]): readonly ConditionDraft[] {
  const [first, ...rest] = conditions
  if (!first) return conditions
  const wait = refusalOf(applied.filter(({ object, concerns }) => objects.includes(object) || concerns === first.type))
  return wait ? [{ ...first, status: 'False', ...wait }, ...rest] : conditions
}

/** A lost race is none: the next pass looks again, and there is nothing for people to do. */
export function refusalOf(applied: readonly Applied[]): Wait | undefined {
  const errors = applied.flatMap(({ error }) => (error && !isRace(error) ? error : []))
  const [first] = errors
  return first && { reason: reasonOf(first), message: errors.map(({ message }) => message).join('; ') }
}

function reasonOf(error: Error): string {
  if (error instanceof NotOursError) return anyPhaseReason.notOurs
  return error instanceof ContestedError ? anyPhaseReason.contested : anyPhaseReason.applyRefused
}

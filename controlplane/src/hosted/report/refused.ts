// What the API server refused, as conditions — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import {
  type Applied,
  type ConditionDraft,
  ContestedError,
  IssueError,
  lastingFailureIn,
  NotOursError,
  type Outcome,
  refusalIn,
  remedyIn,
  type Wait,
} from '@k0smotron-ts/runtime'

const { anyPhaseReason, certificatesReason } = controlPlaneCondition

/** A wait whose cause has words of its own, which may differ each time: they are for an Event. */
export interface Refused extends Wait {
  readonly words?: string
}

/** The conditions of a phase; a refusal makes the first one False. */
export function withRefusals({ conditions, objects }: Outcome, applied: readonly Applied[]): readonly ConditionDraft[] {
  const [first, ...rest] = conditions
  if (!first) return conditions
  const refused = refusalOf(
    applied.filter(({ object, concerns }) => objects.includes(object) || concerns === first.type),
  )
  if (!refused) return conditions
  const { reason, message } = refused
  return [{ ...first, status: 'False', reason, message }, ...rest]
}

/** What stays until someone acts. A server in trouble and a lost race pass by themselves, as long as they have not lasted. */
export function refusalOf(applied: readonly Applied[]): Refused | undefined {
  const errors = applied.flatMap(({ error }) => error ?? [])
  return (
    named(anyPhaseReason.notOurs, errors, NotOursError) ??
    named(anyPhaseReason.contested, errors, ContestedError) ??
    named(certificatesReason.invalid, errors, IssueError) ??
    ofServer(applied) ??
    lastingFailureIn(applied)
  )
}

function named(reason: string, errors: readonly Error[], type: new (...args: never) => Error): Refused | undefined {
  const messages = errors.flatMap(error => (error instanceof type ? [error.message] : []))
  return messages.length === 0 ? undefined : { reason, message: [...new Set(messages)].sort().join('; ') }
}

function ofServer(applied: readonly Applied[]): Refused | undefined {
  const refusal = refusalIn(applied, remedyIn(applied))
  return refusal && { reason: anyPhaseReason.applyRefused, message: refusal.message, words: refusal.words }
}

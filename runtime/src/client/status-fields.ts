// The fields of a Kubernetes Status, whoever sent it — core
import type { StatusCause } from './api-error.ts'

/** The parts of `meta/v1 Status` that say what went wrong. */
export interface Status {
  readonly code?: number | undefined
  readonly reason?: string | undefined
  readonly message?: string | undefined
  readonly details?: StatusDetails | undefined
}

interface StatusDetails {
  readonly name?: string | undefined
  readonly causes: readonly StatusCause[]
  readonly retryAfterSeconds?: number | undefined
}

/** A field of another type than Kubernetes gives it counts as absent; `undefined`: this is no Status. */
export function statusOf(value: unknown): Status | undefined {
  const { kind, code, reason, message, details } = fieldsOf(value) ?? {}
  if (kind !== 'Status') return undefined
  return { code: numberIn(code), reason: textIn(reason), message: textIn(message), details: detailsIn(details) }
}

function detailsIn(value: unknown): StatusDetails | undefined {
  const details = fieldsOf(value)
  if (!details) return undefined
  const { name, causes, retryAfterSeconds } = details
  return {
    name: textIn(name),
    causes: Array.isArray(causes) ? causes.flatMap(causeIn) : [],
    retryAfterSeconds: numberIn(retryAfterSeconds),
  }
}

function causeIn(value: unknown): StatusCause[] {
  const cause = fieldsOf(value)
  if (!cause) return []
  const texts = (['reason', 'message', 'field'] as const).map(name => [name, textIn(cause[name])] as const)
  return [Object.fromEntries(texts.filter(([, text]) => text !== undefined))]
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const numberIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined

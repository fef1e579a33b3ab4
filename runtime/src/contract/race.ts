// Refusals that are nobody's fault — core
import { isConflict, isNotFound } from '../client/api-error.ts'

/** Someone was faster than our cache; the next pass sees it. Nothing for people to read. */
export function isRace(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isRace)
  return isNotFound(error) || isConflict(error)
}

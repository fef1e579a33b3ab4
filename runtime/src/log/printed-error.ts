// What a log line says of an error — core
import { ApiError } from '../client/api-error.ts'

export interface PrintedError {
  readonly name: string
  readonly message: string
  readonly [field: string]: unknown
}

const deepest = 4
const maxErrors = 10

/**
 * Name, message, what an ApiError knows, causes and parts; the stack only of errors that no one foresaw.
 * Every other property stays out: transports hang requests, headers and response bodies on their errors.
 */
export function printedError(error: unknown, depth = 0): PrintedError {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) }
  const parts = error instanceof AggregateError ? error.errors.slice(0, maxErrors) : []
  const deeper = depth < deepest
  return {
    name: error.name,
    message: error.message,
    ...knownFields(error),
    ...(deeper && error.cause !== undefined && { cause: printedError(error.cause, depth + 1) }),
    ...(deeper && parts.length > 0 && { errors: parts.map(part => printedError(part, depth + 1)) }),
    ...(depth === 0 && !isForeseen(error) && { stack: error.stack }),
  }
}

function knownFields(error: Error): object {
  if (error instanceof ApiError) return { reason: error.reason, request: error.request, code: error.code }
  return 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
}

/** Errors with a reason are the world's doing: where they were thrown tells nothing. */
function isForeseen(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.every(part => part instanceof Error && isForeseen(part))
  return error instanceof ApiError
}

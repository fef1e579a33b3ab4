// What a log line says of an error — core

export interface PrintedError {
  readonly name: string
  readonly message: string
  readonly [field: string]: unknown
}

const deepest = 4
const mostErrors = 10

/**
 * Name, message, the API server's reason and status, causes and parts; the stack only of errors that no one foresaw.
 * Every other property stays out: transports hang requests, headers and response bodies on their errors.
 */
export function printedError(error: unknown, depth = 0): PrintedError {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) }
  const { reason, status, code } = error as { reason?: unknown; status?: unknown; code?: unknown }
  const parts = error instanceof AggregateError ? error.errors.slice(0, mostErrors) : []
  const deeper = depth < deepest
  return {
    name: error.name,
    message: error.message,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof status === 'number' && { status }),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(deeper && error.cause !== undefined && { cause: printedError(error.cause, depth + 1) }),
    ...(deeper && parts.length > 0 && { errors: parts.map(part => printedError(part, depth + 1)) }),
    ...(depth === 0 && typeof reason !== 'string' && { stack: error.stack }),
  }
}

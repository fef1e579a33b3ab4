// A log that a test reads — shell
import type { Logger } from '../log.ts'

export interface RecordedLog extends Logger {
  readonly errors: readonly { readonly message: string; readonly fields: object }[]
}

export function recordedLog(): RecordedLog {
  const errors: { message: string; fields: object }[] = []
  const log: RecordedLog = {
    errors,
    error: (fields, message) => void errors.push({ message, fields }),
    info: () => undefined,
    debug: () => undefined,
    child: () => log,
  }
  return log
}

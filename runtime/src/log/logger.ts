// The logger of a process: JSON lines — shell
import { destination, pino } from 'pino'
import type { Logger, LogLevel } from '../log.ts'
import { printedError } from './printed-error.ts'
import { redactedPaths } from './redacted-paths.ts'

export interface LoggerOptions {
  readonly level: LogLevel
  /** Absent: standard output, written before the call returns, so that nothing is lost at exit. */
  readonly output?: { write(line: string): void }
}

/** One JSON object per line: `level` by name, `ts` in RFC 3339, `msg`, and the fields. Fields that can hold a secret print as `[secret]`. */
export function createLogger({ level, output = destination({ fd: 1, sync: true }) }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      serializers: { error: (error: unknown) => printedError(error) },
      redact: { paths: [...redactedPaths], censor: '[secret]' },
    },
    output,
  )
}

// The logger of a process: JSON lines — shell
import { destination, pino } from 'pino'
import type { Logger, LogLevel } from '../log.ts'
import { masked } from './masked.ts'

export interface LoggerOptions {
  readonly level: LogLevel
  /** Absent: standard output, written before the call returns, so that nothing is lost at exit. */
  readonly output?: { write(line: string): void }
}

/** One JSON object per line: `level` by name, `ts` in RFC 3339, `msg`, and the fields. Fields that can hold a secret print as `[secret]`. */
export function createLogger({ level, output = destination({ fd: 1, sync: true }) }: LoggerOptions): Logger {
  return masking(
    pino(
      {
        level,
        base: null,
        messageKey: 'msg',
        timestamp: () => `,"ts":"${new Date().toISOString()}"`,
        formatters: { level: label => ({ level: label }), log: masked },
      },
      output,
    ),
  )
}

/** Masks the fields of a child too: those do not pass the formatter of a line. */
function masking(lines: pino.Logger): Logger {
  return {
    error: (fields, message) => lines.error(fields, message),
    info: (fields, message) => lines.info(fields, message),
    debug: (fields, message) => lines.debug(fields, message),
    child: fields => masking(lines.child(masked(fields))),
  }
}

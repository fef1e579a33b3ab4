// From the signals of the operating system to an exit code — shell
import type { Logger } from './log.ts'

/**
 * The last line of a program. The first SIGTERM or SIGINT asks `run` to stop, the second ends at once. A rejection that
 * nobody handles ends the process too: what it left behind is not known, and the next process sees it afresh.
 */
export async function runToExit(run: (signal: AbortSignal) => Promise<number>, log: Logger): Promise<never> {
  const stopping = new AbortController()
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, stopping.signal.aborted ? 'Ending at once' : 'Stopping')
    if (stopping.signal.aborted) process.exit(1)
    stopping.abort()
  }
  const die = (error: unknown): never => {
    log.error({ error }, 'Failure that nothing handles')
    process.exit(1)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('unhandledRejection', die)
  process.on('uncaughtException', die)
  return process.exit(await run(stopping.signal))
}

// A process that outlives us by design: it removes our lab when we end without doing so — shell
import { once } from 'node:events'
import { join } from 'node:path'
import { spawn } from '../../programs/start.ts'

export interface Keeper {
  /** To be called when the lab is removed: the keeper ends and does nothing. */
  dismiss(): Promise<void>
}

// A shell waits, since it costs a hundredth of what a waiting Node costs. A line says that all is well; the end of input
// without one says that we were killed. The new session keeps a signal to our process group away from it.
const script = 'read -r _ || exec "$@"'

export function startKeeper(): Keeper {
  const sweep = join(import.meta.dirname, 'sweep.ts')
  const keeper = spawn('sh', ['-c', script, 'sh', process.execPath, sweep], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = once(keeper, 'exit')
  return {
    async dismiss() {
      keeper.stdin.end('\n')
      await ended
    },
  }
}

// Whether a process is stopped as a whole — shell
import { readdirSync, readFileSync } from 'node:fs'
import { execFileSync } from '../programs/start.ts'

/** True when no thread of the process runs any more; a signal to stop takes its time on a busy machine. */
export function isStopped(pid: number): boolean {
  return process.platform === 'linux' ? threadsOf(pid).every(state => state === 'T') : stateOf(pid).startsWith('T')
}

function threadsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/task`).map(thread => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0)
  })
}

function stateOf(pid: number): string {
  return execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).trim()
}

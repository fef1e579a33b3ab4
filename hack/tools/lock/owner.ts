// Which process a file on disk belongs to, and whether that very process still runs — shell
import { readFileSync } from 'node:fs'
import { execFileSync } from '../../programs/start.ts'

/** A process for good: its number may be given away again, number and start time together are not. */
export interface Owner {
  readonly pid: number
  readonly started: string
}

export function thisProcess(): Owner {
  return { pid: process.pid, started: startOf(process.pid) ?? '' }
}

/** Whether that very process still runs; a zombie does not. */
export function isAlive({ pid, started }: Owner): boolean {
  return startOf(pid) === started
}

/** The owner that a file names, `undefined` for anything else. */
export function parseOwner(text: string): Owner | undefined {
  const [pid, started] = text.trim().split(/\s(.*)/s)
  return pid && started && /^\d+$/.test(pid) ? { pid: Number(pid), started } : undefined
}

export function printOwner({ pid, started }: Owner): string {
  return `${pid} ${started}\n`
}

function startOf(pid: number): string | undefined {
  try {
    return process.platform === 'linux'
      ? linuxStart(pid)
      : execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`])
          .toString()
          .trim()
  } catch {
    return undefined // no such process
  }
}

function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in parentheses and may hold anything; state is the 3rd, start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

// What a process has used, as the kernel tells it — shell
import { readFile } from 'node:fs/promises'
import { execFileSync } from '@k0smotron-ts/hack/programs'

export interface Usage {
  readonly cpuSeconds: number
  readonly residentMiB: number
  /** The most since its start. */
  readonly peakMiB: number
}

/** Linux only: /proc knows about threads too. */
export async function usageOf(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  // the second field, the name, may hold blanks
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond(),
    residentMiB: kibibytes(status, 'VmRSS') / 1024,
    peakMiB: kibibytes(status, 'VmHWM') / 1024,
  }
}

function ticksPerSecond(): number {
  return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
}

function kibibytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
}

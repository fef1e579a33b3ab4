// What a manager's memory came to, as the kernel counts it — shell
import { readFile, writeFile } from 'node:fs/promises'
import type { Manager } from '../harness/managers.ts'

/** From now on peaks count anew. */
export async function forgetPeaks(managers: readonly Manager[]): Promise<void> {
  await Promise.all(managers.map(({ pid }) => writeFile(`/proc/${pid}/clear_refs`, '5')))
}

/** The most resident memory of each, in MiB; throws for a manager that ended. */
export async function peaks(managers: readonly Manager[]): Promise<readonly number[]> {
  return Promise.all(
    managers.map(async ({ pid, provider }) => {
      const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
      if (kibibytes === undefined) throw new Error(`the ${provider} manager has ended`)
      return Number(kibibytes) / 1024
    }),
  )
}

// Folders that are made once and then kept in the cache — shell
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withLock } from '../../tools/lock/lock.ts'
import { type Progress, printSeconds } from '../../tools/progress.ts'

export interface KeptFolder {
  /** Its name contains a hash of everything it is made of. */
  readonly path: string
  /** For progress: "Building the machine root". */
  readonly title: string
  readonly make: (draft: string) => Promise<void>
}

/** Makes the folder unless it is there; it appears whole or not at all, and of several processes one makes it. */
export async function keep({ path, title, make }: KeptFolder, progress: Progress): Promise<string> {
  if (existsSync(path)) return path
  await mkdir(dirname(path), { recursive: true })
  const onWait = ({ pid }: { readonly pid: number }): void => progress.say(`${title}: process ${pid} does it, waiting`)
  await withLock(`${path}.lock`, onWait, async () => {
    if (existsSync(path)) return
    const started = Date.now()
    progress.say(title)
    const draft = `${path}.draft`
    await rm(draft, { recursive: true, force: true }) // of a process that was killed: we hold the lock
    await make(draft)
    await rename(draft, path)
    progress.say(`${title}: done in ${printSeconds(Date.now() - started)}`)
  })
  return path
}

// One process at a time, also after a holder was killed — shell
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, type Owner, parseOwner, printOwner, thisProcess } from './owner.ts'

/**
 * Runs `work` while no other process holds the lock file. A lock whose holder is gone is taken over.
 * Two that take over at the same instant may, very rarely, both run: `work` must be wasteful then, never wrong.
 */
export async function withLock<T>(path: string, onWait: (holder: Owner) => void, work: () => Promise<T>): Promise<T> {
  const mine = `${path}.${randomUUID()}`
  await writeFile(mine, printOwner(thisProcess()))
  try {
    await acquire(path, mine, onWait)
    try {
      return await work()
    } finally {
      await rm(path, { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

async function acquire(path: string, mine: string, onWait: (holder: Owner) => void): Promise<void> {
  let told = false
  for (;;) {
    // A hard link appears whole or not at all: nobody ever reads a lock without its holder.
    if (await linked(mine, path)) return
    const holder = parseOwner(await readFile(path, 'utf8').catch(() => ''))
    if (holder && isAlive(holder)) {
      if (!told) onWait(holder)
      told = true
      await delay(250)
    } else {
      await rename(path, `${mine}.stale`).catch(() => undefined)
      await rm(`${mine}.stale`, { force: true })
    }
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  }
}

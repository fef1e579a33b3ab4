// One process at a time, also after a holder was killed — shell
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, type Owner, parseOwner, printOwner, thisProcess } from './owner.ts'

/**
 * Runs `work` while no other process holds the lock file. A lock whose holder is gone is taken over.
 * Three processes that meet at the instant of a take-over may make two run: `work` must be wasteful then, never wrong.
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
  let isReported = false
  for (;;) {
    // A hard link appears whole or not at all: nobody ever reads a lock without its holder.
    if (await linked(mine, path)) return
    const holder = await holderOf(path)
    if (!holder) continue // given back a moment ago
    if (!isAlive(holder)) {
      await takeAway(path, `${mine}.stale`)
      continue
    }
    if (!isReported) onWait(holder)
    isReported = true
    await delay(250)
  }
}

/** `undefined` when there is no lock; what names nobody was not written by us and counts as given up. */
async function holderOf(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (parseOwner(text) ?? { pid: 0, started: 'never' })
}

/** Removes the lock of a process that is gone; gives it back when somebody else took it over a moment before us. */
async function takeAway(path: string, stale: string): Promise<void> {
  await rename(path, stale).catch(() => undefined)
  const taken = await holderOf(stale)
  if (taken && isAlive(taken)) await linked(stale, path)
  await rm(stale, { force: true })
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

// Installing packages without starting their daemons — shell
import { readFile, rm, writeFile } from 'node:fs/promises'

/** Packages start their daemons unless this file forbids it. */
const policyFile = '/usr/sbin/policy-rc.d'
const ours = '#!/bin/sh\n# k0smotron-ts: for as long as it installs packages, their daemons do not start\nexit 101\n'

/** One that the owner has stays as it is; ours is gone in the end, also what a killed process left. For one at a time. */
export async function withoutDaemons(work: () => Promise<void>, policy: string = policyFile): Promise<void> {
  const there = await read(policy)
  if (there === undefined) await writeFile(policy, ours, { mode: 0o755 })
  try {
    await work()
  } finally {
    if (there === undefined || there === ours) await rm(policy, { force: true })
  }
}

/** By us: a process installs at this moment, or was killed while it did, and nothing is allowed to start since. */
export async function areDaemonsForbidden(policy: string = policyFile): Promise<boolean> {
  return (await read(policy)) === ours
}

const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)

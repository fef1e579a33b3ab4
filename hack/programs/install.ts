// Programs that are missing here, installed with the system's package manager — shell
import { withLock } from '../tools/lock/lock.ts'
import type { Progress } from '../tools/progress.ts'
import { missingProgram, packagesOf } from './declared.ts'
import { execFile, missingOf } from './start.ts'
import { areDaemonsForbidden, withoutDaemons } from './without-daemons.ts'

/** Whether what is missing can be installed by us. */
export const canInstall = (): boolean => process.getuid?.() === 0 && missingOf(['apt-get']).length === 0

/**
 * Installs what of the programs is missing, as root on a Debian-like system; elsewhere throws one line for each, with the
 * package that brings it.
 */
export async function provide(programs: readonly string[], progress: Progress): Promise<void> {
  const missing = missingOf(programs)
  if (missing.length > 0 && !canInstall()) throw new Error(missing.map(missingProgram).join('\n'))
  if (missing.length === 0 && !(await areDaemonsForbidden())) return
  const onWait = ({ pid }: { readonly pid: number }): void =>
    progress.say(`Installing packages: process ${pid} does it, waiting`)
  await withLock('/run/k0smotron-ts-lab.install.lock', onWait, () => installMissing(programs, progress))
}

/** For one process at a time: the first to end would let the daemons of the others' packages start. */
function installMissing(programs: readonly string[], progress: Progress): Promise<void> {
  const missing = missingOf(programs) // somebody else may have installed them in the meantime
  return withoutDaemons(() => install(packagesOf(missing), progress)).catch(cause => {
    throw new Error(missing.map(missingProgram).join('\n'), { cause })
  })
}

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  if (packages.length === 0) return
  progress.say(`Installing ${packages.join(', ')}`)
  const options = ['--yes', '--no-install-recommends', '--option=DPkg::Lock::Timeout=600']
  // Package lists are often missing or old in containers, and right where somebody works: try with what is there first.
  await aptGet('install', ...options, ...packages).catch(async () => {
    await aptGet('update', '--option=DPkg::Lock::Timeout=600')
    await aptGet('install', ...options, ...packages)
  })
}

/** Not bound to us: a package manager that is killed in the middle is the owner's to repair. */
function aptGet(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return new Promise((resolve, reject) =>
    execFile('apt-get', args, { env, maxBuffer: 64e6 }, (error, _, complaint) =>
      error ? reject(new Error(`apt-get ${args[0]}: ${complaint.trim()}`, { cause: error })) : resolve(),
    ),
  )
}

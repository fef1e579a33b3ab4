// What the host must be and have before a lab can start — shell
import { existsSync } from 'node:fs'
import { withLock } from '../../tools/lock.ts'
import type { Progress } from '../../tools/progress.ts'
import { LabUnavailable } from '../state/unavailable.ts'
import { run } from './command.ts'
import { areDaemonsForbidden, withoutDaemons } from './without-daemons.ts'

/** Programs of the host, and the Debian package that has each. Everything else lives in the machine root. */
const packageOf: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  journalctl: 'systemd',
  ip: 'iproute2',
  nft: 'nftables',
  sysctl: 'procps',
  nsenter: 'util-linux',
  unshare: 'util-linux',
}

/** The reason why this machine can have no lab, `undefined` when it can. Nothing is installed or changed. */
export function labUnavailable(): string | undefined {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'the lab needs root: it makes network namespaces, cgroups and machines'
  const missing = missingPrograms()
  if (missing.length > 0 && !existsSync('/usr/bin/apt-get'))
    return `the lab needs ${missing.join(', ')}, and there is no apt-get to install them`
  return undefined
}

/** Installs what is missing; throws LabUnavailable where a lab is impossible. */
export async function prepareHost(progress: Progress): Promise<void> {
  const reason = labUnavailable()
  if (reason) throw new LabUnavailable(reason)
  if (missingPackages().length > 0 || (await areDaemonsForbidden())) {
    const onWait = ({ pid }: { readonly pid: number }): void =>
      progress.say(`Installing what the lab needs: process ${pid} does it, waiting`)
    await withLock('/run/k0smotron-ts-lab.install.lock', onWait, () => installMissing(progress))
  }
  // Where they are modules; a namespace cannot load them itself.
  await run(['modprobe', '--all', 'overlay', 'br_netfilter', 'nf_conntrack']).catch(() => undefined)
}

const missingPrograms = (): string[] =>
  Object.keys(packageOf).filter(program => !searchPath().some(folder => existsSync(`${folder}/${program}`)))

const searchPath = (): string[] => (process.env.PATH ?? '').split(':').filter(folder => folder !== '')

const missingPackages = (): string[] => [...new Set(missingPrograms().map(program => packageOf[program] ?? program))]

/** For one process at a time: the first to end would let the daemons of the others' packages start. */
function installMissing(progress: Progress): Promise<void> {
  const packages = missingPackages() // somebody else may have installed them in the meantime
  return withoutDaemons(() => install(packages, progress)).catch(cause => {
    throw new LabUnavailable(`the lab needs ${packages.join(', ')}, which cannot be installed`, { cause })
  })
}

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  if (packages.length === 0) return
  progress.say(`Installing ${packages.join(', ')}`)
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'] as const
  const options = ['--yes', '--no-install-recommends', '--option=DPkg::Lock::Timeout=600']
  // not bound to us: a package manager that is killed in the middle is the owner's to repair
  const installing = (): Promise<string> => run([...environment, 'apt-get', 'install', ...options, ...packages])
  // Package lists are often missing or old in containers, and right where somebody works: try with what is there first.
  await installing().catch(async () => {
    await run([...environment, 'apt-get', 'update', '--option=DPkg::Lock::Timeout=600'])
    await installing()
  })
}

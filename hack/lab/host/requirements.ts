// What the host must be and have before a lab can start — shell
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import type { Progress } from '../../tools/progress.ts'
import { LabUnavailable } from '../state/unavailable.ts'
import { run } from './command.ts'

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
  const packages = [...new Set(missingPrograms().map(program => packageOf[program] ?? program))]
  if (packages.length > 0)
    await install(packages, progress).catch(cause => {
      throw new LabUnavailable(`the lab needs ${packages.join(', ')}, which cannot be installed`, { cause })
    })
  // Where they are modules; a namespace cannot load them itself.
  await run(['modprobe', '--all', 'overlay', 'br_netfilter', 'nf_conntrack']).catch(() => undefined)
}

const missingPrograms = (): string[] =>
  Object.keys(packageOf).filter(program => !searchPath().some(folder => existsSync(`${folder}/${program}`)))

const searchPath = (): string[] => (process.env.PATH ?? '').split(':').filter(folder => folder !== '')

const policy = '/usr/sbin/policy-rc.d'

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  progress.say(`Installing ${packages.join(', ')}`)
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'] as const
  const options = ['--yes', '--no-install-recommends', '--option=DPkg::Lock::Timeout=600']
  const installing = (): Promise<string> => run([...environment, 'apt-get', 'install', ...options, ...packages])
  await withoutDaemons(async () => {
    // Package lists are often missing or old in containers, and right where somebody works: try with what is there first.
    await installing().catch(async () => {
      await run([...environment, 'apt-get', 'update', '--option=DPkg::Lock::Timeout=600'])
      await installing()
    })
  })
}

/** Packages start their daemons unless this file forbids it; one that is there already is the owner's and stays. */
async function withoutDaemons(work: () => Promise<void>): Promise<void> {
  const ours = '#!/bin/sh\nexit 101\n'
  const there = await readFile(policy, 'utf8').catch(() => undefined)
  if (there === undefined) await writeFile(policy, ours, { mode: 0o755 })
  try {
    await work()
  } finally {
    if (there === undefined) await rm(policy, { force: true })
  }
}

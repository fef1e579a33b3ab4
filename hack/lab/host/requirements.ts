// What the host must be and have before a lab can start — shell
import { programsFor } from '../../programs/declared.ts'
import { canInstall, provide } from '../../programs/install.ts'
import { missingOf } from '../../programs/start.ts'
import type { Progress } from '../../tools/progress.ts'
import { LabUnavailable } from '../state/unavailable.ts'
import { run } from './command.ts'

/** The reason why this machine can have no lab, `undefined` when it can. Nothing is installed or changed. */
export function labUnavailable(): string | undefined {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'the lab needs root: it makes network namespaces, cgroups and machines'
  const missing = missingOf(programsFor('lab'))
  if (missing.length > 0 && !canInstall())
    return `the lab needs ${missing.join(', ')}, and there is no apt-get to install them`
  return undefined
}

/** Installs what is missing; throws LabUnavailable where a lab is impossible. */
export async function prepareHost(progress: Progress): Promise<void> {
  const reason = labUnavailable()
  if (reason) throw new LabUnavailable(reason)
  await provide(programsFor('lab'), progress).catch(cause => {
    throw new LabUnavailable(`the lab cannot be set up: ${cause.message}`, { cause })
  })
  // Where they are modules; a namespace cannot load them itself.
  await run(['modprobe', '--all', 'overlay', 'br_netfilter', 'nf_conntrack']).catch(() => undefined)
}

// Machines of the lab that have databases on them — shell
import { databaseRoot, type Lab, labUnavailable, type Machine } from '@k0smotron-ts/hack/lab'
import { terminalProgress } from '@k0smotron-ts/hack/tools'

/** Path of their root; where it cannot be had, the reason. */
export type DatabaseRoot = { readonly path: string } | { readonly unavailable: string }

/** Made when it is asked for first, which takes a minute and a mirror of Debian. */
export async function findDatabaseRoot(): Promise<DatabaseRoot> {
  const unavailable = labUnavailable()
  if (unavailable !== undefined) return { unavailable }
  const progress = terminalProgress()
  try {
    return { path: await databaseRoot(progress) }
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n')
    progress.say(`No databases, so what needs them is skipped: ${reason}`)
    return { unavailable: 'the packages of the databases cannot be installed' }
  }
}

export async function startMachine({ machines }: Lab, root: DatabaseRoot, name: string): Promise<Machine> {
  if ('unavailable' in root) throw new Error(root.unavailable)
  return machines.start({ name, root: root.path, userData: '' })
}

/** Runs as root there, and ends at the first command that fails. */
export const script = ({ exec }: Machine, text: string): Promise<string> => exec(['sh', '-eu'], text)

export const systemctl = ({ exec }: Machine, ...words: readonly string[]): Promise<string> =>
  exec(['systemctl', ...words])

// What labs change on the host itself: taken with the first lab, given back with the last — shell
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { run } from '../host/command.ts'
import { writeWhole } from '../host/files.ts'

interface Loan {
  readonly sysctls: Readonly<Record<string, string>>
  /** `ip netns` makes this folder, and a mount for it, on its first use. */
  readonly hadNamespaceFolder: boolean
}

const namespaceFolder = '/run/netns'

// /proc/sys is read-only in a machine; a kubelet that finds other values does not start.
const exactly: Readonly<Record<string, number>> = {
  '/proc/sys/vm/overcommit_memory': 1,
  '/proc/sys/kernel/panic': 10,
  '/proc/sys/kernel/panic_on_oops': 1,
}
// For all processes of one user together, and a lab's are all root's: kubelets, API servers, k0s. Linux gives 128.
const atLeast: Readonly<Record<string, number>> = {
  '/proc/sys/fs/inotify/max_user_instances': 8192,
}

/** Remembers the host's own state in `file` and changes it; a file that is there already holds the host's state. */
export async function borrowHost(file: string): Promise<void> {
  if (!existsSync(file)) {
    const paths = Object.keys({ ...exactly, ...atLeast })
    const sysctls = Object.fromEntries(
      await Promise.all(paths.map(async path => [path, await settingOf(path)] as const)),
    )
    const loan: Loan = { sysctls, hadNamespaceFolder: existsSync(namespaceFolder) }
    await writeWhole(file, JSON.stringify(loan))
  }
  for (const [path, value] of Object.entries(exactly)) await writeFile(path, `${value}`)
  for (const [path, value] of Object.entries(atLeast))
    if (Number(await settingOf(path)) < value) await writeFile(path, `${value}`)
}

const settingOf = async (path: string): Promise<string> => (await readFile(path, 'utf8')).trim()

/** Leaves the host as it was before the first lab. */
export async function returnHost(file: string): Promise<void> {
  if (!existsSync(file)) return
  const { sysctls, hadNamespaceFolder } = JSON.parse(await readFile(file, 'utf8')) as Loan
  for (const [path, value] of Object.entries(sysctls)) await writeFile(path, value)
  if (!hadNamespaceFolder) await removeNamespaceFolder()
  await rm(file)
}

// Unless somebody else has made a namespace in the meantime.
async function removeNamespaceFolder(): Promise<void> {
  const names = await readdir(namespaceFolder).catch(() => undefined)
  if (names === undefined || names.length > 0) return
  await run(['umount', namespaceFolder]).catch(() => undefined)
  await rmdir(namespaceFolder)
}

// One machine: a systemd-nspawn container that boots Debian, with a network, cgroups and a disk of its own — shell
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Argv, type RunInput, run } from '../host/command.ts'
import { writeFiles } from '../host/files.ts'
import { type Attachment, attachMachine, detachMachine } from '../host/network.ts'
import { type LabPlan, machineNamespace } from '../plan.ts'
import type { PlacedFile } from './placed-file.ts'
import { createPower, type Power } from './power.ts'

export interface MachineOrder extends Attachment {
  /** Limit of the whole machine in the notation of the cgroup file: `2G`. */
  readonly memory?: string
  readonly files: readonly PlacedFile[]
  /** Files and folders of the host that the machine sees read-only, by the path it sees them at. */
  readonly readOnly?: Readonly<Record<string, string>>
}

/** A machine's body. It starts switched off; what is on its disk survives `kill`, not `remove`. */
export interface Hardware {
  readonly name: string
  readonly address: string
  /** Its files on the host: the disk, and the console's log. */
  readonly folder: string
  powerOn(): Promise<void>
  /** A power cut: nothing inside is told. Resolves when everything inside is gone. */
  kill(): Promise<void>
  /** An orderly shutdown; a power cut after 20 s. */
  shutDown(): Promise<void>
  /** Takes the machine out of the lab with all it has. */
  remove(): Promise<void>
  /** Runs a program inside as root and gives its standard output. */
  exec(argv: Argv, input?: RunInput): Promise<string>
  /** What the machine's journal has said since it was first switched on, or one unit of it; also when it is off. */
  journal(unit?: string): Promise<string>
  /** The content of a file inside, `undefined` while there is none; throws when the machine is off. */
  readFile(path: string): Promise<string | undefined>
  writeFiles(files: readonly PlacedFile[]): Promise<void>
}

/** Real file systems for what puts overlays on them: an overlay cannot lie on the overlay that is the machine's root. */
const disks = ['containerd', 'kubelet', 'k0s', 'lab-volumes'] as const

/** Where a machine's files lie on the host. */
export const machineFolder = ({ directory }: LabPlan, name: string): string => join(directory, 'machines', name)

export const diskFolder = (folder: string, disk: (typeof disks)[number]): string => join(folder, 'disk', disk)

/** Puts a machine into the lab: network, folder, files. */
export async function installMachine(plan: LabPlan, root: string, order: MachineOrder): Promise<Hardware> {
  const { name, address, memory } = order
  const folder = machineFolder(plan, name)
  for (const disk of disks) await mkdir(diskFolder(folder, disk), { recursive: true })
  await writeFiles(join(folder, 'upper'), order.files)
  await attachMachine(plan, order)
  const power = createPower({
    name,
    folder,
    root,
    namespace: machineNamespace(plan, name),
    cgroup: `${plan.cgroup}/${name}`,
    binds: binds(folder, order),
    ...(memory !== undefined && { memory }),
  })
  return {
    name,
    address,
    folder,
    powerOn: () => power.on(),
    kill: () => power.cut(),
    shutDown: () => power.off(),
    async remove() {
      await power.off()
      await detachMachine(plan, name)
      await rm(folder, { recursive: true, force: true })
    },
    journal: unit => {
      const filter = unit === undefined ? [] : [`--unit=${unit}`]
      return run(['journalctl', '--quiet', `--directory=${join(folder, 'upper/var/log/journal')}`, ...filter])
    },
    ...accessTo(power),
  }
}

function binds(folder: string, { readOnly }: MachineOrder): string[] {
  const writable = disks.map(disk => `--bind=${diskFolder(folder, disk)}:/var/lib/${disk}`)
  return [...writable, ...Object.entries(readOnly ?? {}).map(([path, source]) => `--bind-ro=${source}:${path}`)]
}

function accessTo({ leader }: Pick<Power, 'leader'>): Pick<Hardware, 'exec' | 'readFile' | 'writeFiles'> {
  return {
    exec: async (argv, input) => run([...insideOf(await leader()), ...argv], input),
    writeFiles: async files => writeFiles(`/proc/${await leader()}/root`, files),
    readFile: async file => readFile(`/proc/${await leader()}/root/${file}`, 'utf8').catch(() => undefined),
  }
}

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** All namespaces of the process, its root, and none of our environment. */
const insideOf = (pid: number): Argv => {
  const namespaces = ['-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w'] as const
  return ['nsenter', '-t', `${pid}`, ...namespaces, '--', 'env', '-i', path, 'HOME=/root', 'LANG=C.UTF-8']
}

// A cgroup subtree of its own for every machine, on cgroup v1, v2 and both at once — shell
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { killHard } from './kill.ts'

/** Mount points of all hierarchies. On v1 a machine must have a group in each, or its systemd would use the host's. */
async function hierarchies(): Promise<string[]> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map(line => line.split(' '))
  return mounts.flatMap(([, path, type]) => (path && (type === 'cgroup' || type === 'cgroup2') ? [path] : []))
}

/** Makes the group in every hierarchy and gives the folders that a process must enter to be wholly in it. */
export async function createCgroup(group: string, limits: { readonly memory?: string } = {}): Promise<string[]> {
  const folders = []
  for (const root of await hierarchies()) {
    const folder = join(root, group)
    await makeLevels(root, group)
    if (limits.memory) await limitMemory(folder, limits.memory)
    folders.push(folder)
  }
  return folders
}

async function makeLevels(root: string, group: string): Promise<void> {
  let level = root
  for (const name of group.split('/')) {
    await delegateControllers(level)
    const child = join(level, name)
    await mkdir(child, { recursive: true })
    await inheritCpuset(level, child)
    level = child
  }
}

// v2: a controller exists in a group only if its parent hands it down.
async function delegateControllers(parent: string): Promise<void> {
  const available = await readFile(join(parent, 'cgroup.controllers'), 'utf8').catch(() => '')
  for (const controller of available.split(/\s+/).filter(Boolean))
    await writeFile(join(parent, 'cgroup.subtree_control'), `+${controller}`).catch(() => undefined)
}

// v1: a cpuset group without CPUs accepts no process; what is cloned here, groups made inside the machine clone in turn.
async function inheritCpuset(parent: string, child: string): Promise<void> {
  if (existsSync(join(child, 'cgroup.controllers')) || !existsSync(join(child, 'cpuset.cpus'))) return
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    await writeFile(join(child, file), await readFile(join(parent, file), 'utf8'))
  await writeFile(join(child, 'cgroup.clone_children'), '1')
}

async function limitMemory(folder: string, memory: string): Promise<void> {
  for (const file of ['memory.max', 'memory.limit_in_bytes'])
    if (existsSync(join(folder, file))) await writeFile(join(folder, file), memory)
}

/** Removes the group unless something is in it. */
export async function removeEmptyCgroup(group: string): Promise<void> {
  for (const root of await hierarchies()) await rmdir(join(root, group)).catch(() => undefined)
}

/** Kills every process below the group and removes it; throws if something in it cannot be ended within 30 s. */
export async function destroyCgroup(group: string): Promise<void> {
  const folders = (await hierarchies()).map(root => join(root, group)).filter(folder => existsSync(folder))
  const deadline = Date.now() + 30_000
  while (!(await emptied(folders))) {
    if (Date.now() > deadline) throw new Error(`Processes in cgroup ${group} do not end`)
    await delay(20)
  }
}

async function emptied(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) await killIn(folder)
  const removed = await Promise.all(folders.map(removeTree))
  return removed.every(Boolean)
}

async function killIn(folder: string): Promise<void> {
  for (const group of await below(folder)) {
    const pids = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')
    for (const pid of pids.split('\n').map(Number)) if (pid > 0) killHard(pid) // 0: it has no number in our namespace
  }
}

// A group that still has a dying process refuses; the caller comes again.
async function removeTree(folder: string): Promise<boolean> {
  for (const group of await below(folder)) await rmdir(group).catch(() => undefined)
  return !existsSync(folder)
}

/** The group and all below it, deepest first. */
async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const children = entries.filter(entry => entry.isDirectory()).map(entry => join(folder, entry.name))
  return [...(await Promise.all(children.map(below))).flat(), folder]
}

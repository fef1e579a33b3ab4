// A folder for the state of one environment, gone when the process that made it is — shell
import { once } from 'node:events'
import type { Stats } from 'node:fs'
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '../../programs/start.ts'
import { type BoundChild, type BoundOptions, spawnBound } from '../../tools/bound-child.ts'
import { isAlive, thisProcess } from '../../tools/lock/owner.ts'
import { ownerInName, workspacePrefix } from './workspace-name.ts'

/** A folder and the processes that work in it. */
export interface Workspace {
  readonly dir: string
  spawn(command: string, args: readonly string[], options: BoundOptions): BoundChild
  /** Kills every process, then removes the folder; resolves when both are done. */
  remove(): Promise<void>
}

// Waits for the end of its input, which is ours or our end. `rm` fails while children that are dying still write.
const keeperScript =
  'read -r _; n=0; until rm -rf -- "$1" 2>/dev/null || [ $n -ge 100 ]; do n=$((n + 1)); sleep 0.1; done'

/**
 * Makes a new folder under the system's temporary folder, after removing those whose process was killed.
 * Every program is started behind `enter`.
 */
export async function createWorkspace(enter: readonly string[] = [], parent: string = tmpdir()): Promise<Workspace> {
  await sweep(parent)
  const dir = await mkdtemp(join(parent, workspacePrefix(thisProcess())))
  const keeper = spawn('sh', ['-c', keeperScript, 'sh', dir], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const kept = once(keeper, 'exit')
  const children: BoundChild[] = []
  return {
    dir,
    spawn(command, args, options) {
      const [program = command, ...rest] = [...enter, command, ...args]
      const child = spawnBound(program, rest, options)
      children.push(child)
      return child
    },
    async remove() {
      await Promise.all(children.map(child => child.kill()))
      keeper.stdin.end()
      await kept
    },
  }
}

/** Removes the folders of processes that are gone; never one that belongs to another user or to a running process. */
async function sweep(parent: string): Promise<void> {
  const names = await readdir(parent)
  await Promise.all(
    names.map(async name => {
      const owner = ownerInName(name)
      if (!owner || isAlive(owner)) return
      const path = join(parent, name)
      const stats = await lstat(path).catch(() => undefined)
      if (isOurs(stats)) await rm(path, { recursive: true, force: true, maxRetries: 5 })
    }),
  )
}

function isOurs(stats: Stats | undefined): boolean {
  return stats?.isDirectory() === true && stats.uid === process.getuid?.()
}

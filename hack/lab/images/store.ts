// containerd folders with images in them, prepared once and cloned for every node — shell
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Progress } from '../../tools/progress.ts'
import { run, runBound } from '../host/command.ts'
import { keep } from '../host/kept.ts'
import { machineRecipe, recipeKey } from '../machine-root/recipe.ts'

export interface StoreOrder {
  readonly cache: string
  readonly root: string
  /** Paths of docker or OCI archives; the same set, unchanged, is imported once. */
  readonly archives: readonly string[]
}

/** Importing 300 MB takes seconds per node; cloning what is imported takes none. */
export async function imageStore({ cache, root, archives }: StoreOrder, progress: Progress): Promise<string> {
  const folder = join(cache, 'stores')
  const path = join(folder, await storeKey(archives))
  const title = `Importing ${archives.length} image archives`
  const make = (draft: string): Promise<void> => importAll({ store: draft, root, archives }, progress)
  await keep({ path, title, make }, progress)
  await utimes(path, new Date(), new Date())
  await removeUnused(folder)
  return path
}

async function storeKey(archives: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(recipeKey(machineRecipe))
  for (const archive of archives.toSorted()) {
    const { size, mtimeMs } = await stat(archive)
    hash.update(JSON.stringify([archive, size, mtimeMs]))
  }
  return hash.digest('hex').slice(0, 16)
}

interface Import {
  readonly store: string
  readonly root: string
  readonly archives: readonly string[]
}

async function importAll({ store, root, archives }: Import, progress: Progress): Promise<void> {
  await mkdir(store)
  const scratch = await mkdtemp(join(tmpdir(), 'k0smotron-ts-import-'))
  const script = join(import.meta.dirname, 'import.sh')
  const variables = [`STORE=${store}`, `ROOT=${root}`, `SCRATCH=${scratch}`]
  const namespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--'] as const
  try {
    await runBound(['env', '--', ...variables, ...namespaces, 'sh', script, ...archives], text =>
      progress.update(text.trim()),
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const keptStores = 4
/** Long after whoever asked for it has cloned it. */
const keptFor = 3_600_000

// A store holds its images twice, packed and unpacked: those of old builds would fill the disk.
async function removeUnused(folder: string): Promise<void> {
  const paths = (await readdir(folder)).map(name => join(folder, name))
  const stores = await Promise.all(paths.map(async path => ({ path, usedAt: (await stat(path)).mtimeMs })))
  const old = stores.toSorted((one, other) => other.usedAt - one.usedAt).slice(keptStores)
  for (const { path, usedAt } of old)
    if (Date.now() - usedAt > keptFor) await rm(path, { recursive: true, force: true })
}

/**
 * Gives a node its own copy in no time: layers and blobs never change once written, so hard links do;
 * only containerd's databases are copied. Both folders must lie on one file system.
 */
export async function cloneStore(store: string, target: string): Promise<void> {
  await run(['cp', '--archive', '--link', '--no-target-directory', store, target])
  for (const plugin of await readdir(target)) {
    const names = await readdir(join(target, plugin)).catch(() => [])
    for (const name of names.filter(file => file.endsWith('.db'))) {
      const database = join(target, plugin, name)
      await copyFile(database, `${database}.own`)
      await rename(`${database}.own`, database)
    }
  }
}

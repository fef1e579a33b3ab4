// What was packed once is kept, named for everything it was made of — shell
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { withLock } from '@k0smotron-ts/hack/tools'

/** Of each name, so that two checkouts side by side do not drive each other's entries out. */
const entriesKept = 3

/** Where packed images are kept unless the caller names another folder. */
export function imageCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'k0smotron-ts', 'images')
}

/**
 * The folder `<parent>/<name>-<hash of parts>`. If it is not there, `make` fills a new one, which then appears whole or
 * not at all; of several processes one does it and the others wait.
 */
export async function kept(
  parent: string,
  { name, parts }: { readonly name: string; readonly parts: readonly string[] },
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
  const folder = join(parent, `${name}-${hash}`)
  if (await exists(folder)) return folder
  await mkdir(parent, { recursive: true })
  await withLock(
    `${folder}.lock`,
    () => undefined,
    async () => {
      if (await exists(folder)) return
      const draft = await mkdtemp(`${folder}.draft-`)
      try {
        await make(draft)
        await chmod(draft, 0o755)
        await rename(draft, folder)
        await forgetOld(parent, name)
      } finally {
        await rm(draft, { recursive: true, force: true })
      }
    },
  )
  return folder
}

// An entry is about a gigabyte, and each change of the source makes a new one.
async function forgetOld(parent: string, name: string): Promise<void> {
  const names = (await readdir(parent)).filter(entry => entry.slice(0, -17) === name && /-[0-9a-f]{16}$/.test(entry))
  const entries = await Promise.all(
    names.map(async entry => ({ path: join(parent, entry), at: (await stat(join(parent, entry))).mtimeMs })),
  )
  const old = entries.toSorted((a, b) => b.at - a.at).slice(entriesKept)
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })))
}

/** The hash of a file's content. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** The hash of the stand-in's own source, packing included: whatever changes here is packed anew. */
export async function sourceHash(): Promise<string> {
  const entries = await readdir(import.meta.dirname, { recursive: true })
  const sources = entries
    .filter(path => /\.(go|mod|sum|yaml|ts)$/.test(path) && !/(^test\/|test\.(go|ts)$)/.test(path))
    .toSorted()
  const hash = createHash('sha256')
  for (const path of sources)
    hash.update(JSON.stringify([path, await readFile(join(import.meta.dirname, path), 'utf8')]))
  return hash.digest('hex')
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

// What packages and tarballs contain, as entries of a layer — shell
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import type { TarEntry } from '../lab/images/tar.ts'
import { execFile } from '../programs/start.ts'

const run = promisify(execFile)

/** The files and links of a Debian package that are wanted; folders are made for what is there. */
export async function debEntries(file: string, isWanted: (path: string) => boolean): Promise<readonly TarEntry[]> {
  const { stdout } = await run('dpkg-deb', ['--fsys-tarfile', file], { encoding: 'buffer', maxBuffer: 1 << 28 })
  return entriesOf(Readable.from([stdout]), isWanted)
}

/** What scanners read to know which packages an image has. */
export async function debControl(file: string): Promise<string> {
  const { stdout } = await run('dpkg-deb', ['--field', file])
  return stdout
}

/** Of an npm package, without the folder `package` around everything. */
export async function npmEntries(file: string, isWanted: (path: string) => boolean): Promise<readonly TarEntry[]> {
  const tar = createReadStream(file).pipe(createGunzip())
  return entriesOf(tar, isWanted, /^package\//)
}

async function entriesOf(
  tar: Readable,
  isWanted: (path: string) => boolean,
  prefix = /^\.\//,
): Promise<readonly TarEntry[]> {
  const archive = extract()
  const entries: TarEntry[] = []
  const reading = pipeline(tar, archive as unknown as NodeJS.WritableStream)
  for await (const entry of archive) {
    const { header } = entry
    const path = header.name.replace(prefix, '')
    if (isWanted(path) && header.type !== 'directory') {
      const content = header.type === 'file' ? await buffer(entry as unknown as Readable) : undefined
      entries.push(entryOf(path, header, content))
    }
    entry.resume()
  }
  await reading
  return entries
}

function entryOf(path: string, { mode, linkname }: Header, content: Buffer | undefined): TarEntry {
  if (content) return { path, mode: mode & 0o111 ? 0o755 : 0o644, kind: 'text', text: content }
  if (!linkname) throw new Error(`${path} is neither a file nor a link`)
  return { path, mode: 0o777, kind: 'link', target: linkname }
}

// A tar whose bytes depend on nothing but its entries — shell
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'

/** One entry: a folder, a symbolic link, a text or its bytes, or the content of a file of this machine. */
export type TarEntry = { readonly path: string; readonly mode: number } & (
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'text'; readonly text: string | Uint8Array }
  | { readonly kind: 'file'; readonly source: string }
)

const block = 512

/** The length of what `tarOf` gives: image archives name it before the content. */
export async function tarSize(entries: readonly TarEntry[]): Promise<number> {
  const sizes = await Promise.all(entries.map(contentSize))
  const blocks = sizes.reduce((sum, size) => sum + 1 + Math.ceil(size / block), 2) // two empty ones end it
  return blocks * block
}

/** The tar as a stream. Everything belongs to root and is as old as the epoch. */
export function tarOf(entries: readonly TarEntry[]): Readable {
  const archive = pack()
  const stream = archive as unknown as Readable // a streamx stream: what pipelines use of one, it has
  const fill = async (): Promise<void> => {
    for (const entry of entries) {
      const header = {
        name: entry.path,
        mode: entry.mode,
        mtime: new Date(0),
        uid: 0,
        gid: 0,
        size: await contentSize(entry),
      }
      if (entry.kind === 'folder') archive.entry({ ...header, type: 'directory' }, '')
      else if (entry.kind === 'link') archive.entry({ ...header, type: 'symlink', linkname: entry.target }, '')
      else if (entry.kind === 'text') archive.entry(header, Buffer.from(entry.text))
      else
        await pipeline(
          createReadStream(entry.source, { highWaterMark: 1 << 20 }),
          archive.entry(header) as unknown as Writable,
        )
    }
    archive.finalize()
  }
  fill().catch((cause: Error) => stream.destroy(cause))
  return stream
}

async function contentSize(entry: TarEntry): Promise<number> {
  if (entry.kind === 'text') return Buffer.byteLength(entry.text)
  return entry.kind === 'file' ? (await stat(entry.source)).size : 0
}

// Container images without a registry: archives that `ctr images import` takes — shell
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { arch } from 'node:os'
import type { Writable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import { type TarEntry, tarOf, tarSize } from './tar.ts'

/** An image of one layer. */
export interface ImageOrder {
  /** Name and tag, with a host part: `localhost/pause:1`. Without one, container runtimes rewrite it. */
  readonly reference: string
  readonly entries: readonly TarEntry[]
  /** `Entrypoint`, `Cmd`, `Env` and the like, as image configurations have them. */
  readonly config: Readonly<Record<string, unknown>>
}

/** Writes the archive; the same order gives the same bytes. */
export async function writeImage({ reference, entries, config }: ImageOrder, file: string): Promise<void> {
  const archive = pack()
  const written = pipeline(archive as unknown as NodeJS.ReadableStream, createWriteStream(file))
  const fill = async (): Promise<void> => {
    const digest = createHash('sha256')
    const hashing = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        digest.update(chunk)
        done(null, chunk)
      },
    })
    const layer = archive.entry({ ...stamp, name: 'layer.tar', size: await tarSize(entries) })
    await pipeline(tarOf(entries), hashing, layer as unknown as Writable)
    const image = {
      architecture: architecture(),
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest.digest('hex')}`] },
      history: [{ created: '1970-01-01T00:00:00Z' }],
    }
    archive.entry({ ...stamp, name: 'config.json' }, JSON.stringify(image))
    const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: ['layer.tar'] }]
    archive.entry({ ...stamp, name: 'manifest.json' }, JSON.stringify(manifest))
    archive.finalize()
  }
  await Promise.all([written, fill()])
}

const stamp = { mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 }

function architecture(): string {
  return arch() === 'x64' ? 'amd64' : arch()
}

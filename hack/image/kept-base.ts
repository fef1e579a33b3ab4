// The base layer, packed once and kept: Node alone takes half a minute to compress — shell
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { keep } from '../lab/host/kept.ts'
import { cacheFolder } from '../tools/locate.ts'
import type { Progress } from '../tools/progress.ts'
import type { Platform } from './base.ts'
import { lockedNode } from './fetched.ts'
import { baseLayer } from './layers.ts'
import { blobPath, type Layer, writeLayer } from './layout.ts'

/** Puts the base layer of the platform into the layout. */
export async function keptBase(layout: string, platform: Platform, progress: Progress): Promise<Layer> {
  const path = join(dirname(cacheFolder()), 'layers', `base-${platform.oci}-${await keyOf(platform)}`)
  const make = async (draft: string): Promise<void> => {
    const layer = await writeLayer(draft, await baseLayer(platform, progress))
    await writeFile(join(draft, 'layer.json'), JSON.stringify(layer))
  }
  await keep({ path, title: `Packing Node and its libraries for ${platform.oci}`, make }, progress)
  const layer = JSON.parse(await readFile(join(path, 'layer.json'), 'utf8')) as Layer
  const blob = blobPath(layer.digest)
  await mkdir(join(layout, dirname(blob)), { recursive: true })
  await copyFile(join(path, blob), join(layout, blob))
  return layer
}

/** Of all that decides the bytes: which Node, and the sources in this folder. */
async function keyOf({ node }: Platform): Promise<string> {
  const sources = (await readdir(import.meta.dirname)).filter(name => name.endsWith('.ts')).sort()
  const hash = createHash('sha256').update(JSON.stringify([await lockedNode(node), process.versions.zlib]))
  for (const name of sources) hash.update(await readFile(join(import.meta.dirname, name)))
  return hash.digest('hex').slice(0, 16)
}

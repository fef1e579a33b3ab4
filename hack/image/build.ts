// The image of the managers, without Docker — shell
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { managerUser } from '@k0smotron-ts/config'
import { withBundle } from '../manager-bundle.ts'
import type { Progress } from '../tools/progress.ts'
import { type Platform, platforms } from './base.ts'
import { keptBase } from './kept-base.ts'
import { managerLayer } from './layers.ts'
import { type PlatformImage, sizeOf, writeArchive, writeIndex, writeLayer, writeManifest } from './layout.ts'

export interface ImageOrder {
  /** `v1.2.3`: the tag, and what the managers say that they are. */
  readonly version: string
  /** Without a tag; with a host part, as container runtimes want it. */
  readonly image: string
  /** Made anew. */
  readonly folder: string
  /** All unless given. */
  readonly for?: readonly Platform[]
}

/** What was made: the layout of all platforms, and an archive of each. */
export interface BuiltImage {
  readonly reference: string
  readonly layout: string
  readonly digest: string
  readonly archives: Readonly<Partial<Record<Platform['oci'], string>>>
  /** Compressed, as it is pulled. */
  readonly sizes: Readonly<Partial<Record<Platform['oci'], number>>>
}

/** The same sources and order give the same bytes, whatever machine builds them. */
export async function buildImage(order: ImageOrder, progress: Progress): Promise<BuiltImage> {
  const { version, image, folder } = order
  const layout = join(folder, 'oci')
  const reference = `${image}:${version}`
  await rm(folder, { recursive: true, force: true })
  await mkdir(layout, { recursive: true })
  const managers = await withBundle(version, async bundle => writeLayer(layout, await managerLayer(bundle)))
  const images: PlatformImage[] = []
  for (const platform of order.for ?? platforms) {
    progress.say(`Packing ${reference} for ${platform.oci}`)
    const base = await keptBase(layout, platform, progress)
    images.push(await writeManifest(layout, [base, managers], { platform, config: configOf(version) }))
  }
  const { digest } = await writeIndex(layout, images, reference)
  const archives: Partial<Record<Platform['oci'], string>> = {}
  const sizes: Partial<Record<Platform['oci'], number>> = {}
  for (const one of images) {
    const { architecture } = one.platform
    const file = join(folder, `k0smotron-ts-${version}-${architecture}.tar`)
    await writeArchive(layout, one, { reference, file })
    archives[architecture] = file
    sizes[architecture] = sizeOf(one)
  }
  await writeFile(join(folder, 'SHA256SUMS'), await checksums(Object.values(archives), folder))
  return { reference, layout, digest, archives, sizes }
}

function configOf(version: string): object {
  return {
    User: `${managerUser}:${managerUser}`,
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt'],
    Entrypoint: ['node'],
    WorkingDir: '/',
    Labels: {
      'org.opencontainers.image.title': 'k0smotron-ts',
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.licenses': 'Apache-2.0',
    },
  }
}

async function checksums(files: readonly string[], folder: string): Promise<string> {
  const lines = files.map(async file => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    return `${digest}  ${file.slice(folder.length + 1)}\n`
  })
  return (await Promise.all(lines)).join('')
}

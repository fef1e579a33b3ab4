// Images as files: an OCI layout of all platforms, and an archive of each — shell
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type TarEntry, tarOf } from '../lab/images/tar.ts'
import type { Platform } from './base.ts'

/** A blob by its digest, as manifests refer to it. */
export interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

export interface Layer extends Blob {
  /** Of the tar before it was compressed. */
  readonly diffId: string
}

/** An image of one platform, whose blobs are in the layout. */
export interface PlatformImage extends Blob {
  readonly platform: { readonly os: 'linux'; readonly architecture: Platform['oci'] }
  readonly config: Blob
  readonly layers: readonly Layer[]
}

export interface ImageConfig {
  readonly platform: Platform
  /** As image configurations have it: `User`, `Env`, `Entrypoint`, … */
  readonly config: object
}

const media = (what: string): string => `application/vnd.oci.image.${what}`
const epoch = '1970-01-01T00:00:00Z'

export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`

/** Puts a layer into the layout; the same entries give the same bytes. */
export async function writeLayer(layout: string, entries: readonly TarEntry[]): Promise<Layer> {
  const draft = join(layout, 'layer.draft')
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true })
  const [plain, packed] = [createHash('sha256'), createHash('sha256')]
  const zip = createGzip({ level: 9 })
  await pipeline(tarOf(entries), hashing(plain), zip, hashing(packed), createWriteStream(draft))
  const digest = `sha256:${packed.digest('hex')}`
  const { size } = await stat(draft)
  await rename(draft, join(layout, blobPath(digest)))
  return { mediaType: media('layer.v1.tar+gzip'), digest, size, diffId: `sha256:${plain.digest('hex')}` }
}

function hashing(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
}

/** Puts configuration and manifest of an image of these layers into the layout. */
export async function writeManifest(
  layout: string,
  layers: readonly Layer[],
  { platform, config }: ImageConfig,
): Promise<PlatformImage> {
  const os = 'linux'
  const architecture = platform.oci
  const described = await writeJson(layout, media('config.v1+json'), {
    created: epoch,
    architecture,
    os,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created: epoch, created_by: 'make image' })),
  })
  const manifest = await writeJson(layout, media('manifest.v1+json'), {
    schemaVersion: 2,
    mediaType: media('manifest.v1+json'),
    config: described,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  })
  return { ...manifest, platform: { os, architecture }, config: described, layers }
}

async function writeJson(layout: string, mediaType: string, value: object): Promise<Blob> {
  const content = JSON.stringify(value)
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  await writeFile(join(layout, blobPath(digest)), content)
  return { mediaType, digest, size: Buffer.byteLength(content) }
}

/** Makes a layout of the folder: the index that a registry gets, under the reference's tag. */
export async function writeIndex(layout: string, images: readonly PlatformImage[], reference: string): Promise<Blob> {
  const manifests = images.map(({ mediaType, digest, size, platform }) => ({ mediaType, digest, size, platform }))
  const index = await writeJson(layout, media('index.v1+json'), {
    schemaVersion: 2,
    mediaType: media('index.v1+json'),
    manifests,
  })
  await writeFile(join(layout, 'oci-layout'), layoutFile)
  await writeFile(join(layout, 'index.json'), indexFile(index, reference))
  return index
}

const layoutFile = JSON.stringify({ imageLayoutVersion: '1.0.0' })

function indexFile(blob: Blob, reference: string): string {
  const tag = reference.slice(reference.lastIndexOf(':') + 1)
  const annotations = { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': tag }
  return JSON.stringify({ schemaVersion: 2, mediaType: media('index.v1+json'), manifests: [{ ...blob, annotations }] })
}

/** One file that `docker load`, `ctr images import` and `skopeo` take: a layout and the manifest of a docker archive. */
export async function writeArchive(
  layout: string,
  image: PlatformImage,
  { reference, file }: { readonly reference: string; readonly file: string },
): Promise<void> {
  const { mediaType, digest, size, platform, config, layers } = image
  const docker = [
    { Config: blobPath(config.digest), RepoTags: [reference], Layers: layers.map(layer => blobPath(layer.digest)) },
  ]
  const blobs = [digest, config.digest, ...layers.map(layer => layer.digest)].sort()
  const index = indexFile({ mediaType, digest, size, platform } as Blob, reference)
  const entries: readonly TarEntry[] = [
    { path: 'oci-layout', mode: 0o644, kind: 'text', text: layoutFile },
    { path: 'index.json', mode: 0o644, kind: 'text', text: index },
    { path: 'manifest.json', mode: 0o644, kind: 'text', text: JSON.stringify(docker) },
    ...blobs.map((blob): TarEntry => {
      const path = blobPath(blob)
      return { path, mode: 0o644, kind: 'file', source: join(layout, path) }
    }),
  ]
  await pipeline(tarOf(entries), createWriteStream(file))
}

/** What a registry keeps and a node pulls of an image, in bytes. */
export const sizeOf = ({ size, config, layers }: PlatformImage): number =>
  size + config.size + layers.reduce((sum, layer) => sum + layer.size, 0)

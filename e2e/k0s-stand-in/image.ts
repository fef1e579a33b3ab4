// The images that the lab imports: k0s stand-in, etcd, pause — shell
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type TarEntry, writeImage } from '@k0smotron-ts/hack/lab'
import { execFile } from '@k0smotron-ts/hack/programs'
import { buildPause, type Components, components, packBinary } from './binary.ts'
import { fileHash, imageCache, kept, sourceHash } from './cache.ts'
import { busyboxLinks, entrypoint, group, passwd } from './root-files.ts'

/** Versions of k0s that tests and the demo play unless they say otherwise. */
export const defaultVersions: readonly string[] = ['v1.36.3+k0s.1', 'v1.36.3+k0s.0']

/** What to pack. */
export interface PackOrder {
  /** Paths: `binaries([...components, 'etcd'])` of hack/tools, and a static busybox (Debian: busybox-static). */
  readonly binaries: Components & { readonly etcd: string; readonly busybox: string }
  readonly versions?: readonly string[]
  /** Where to keep what is packed; the cache unless named. */
  readonly outDir?: string
}

/** An image in an archive, and the name it has once imported. */
export interface PackedImage {
  readonly reference: string
  readonly archive: string
}

/** Everything packed; `k0s` by version, each with the executable that worker machines get. */
export interface Packed {
  readonly k0s: Readonly<Record<string, PackedImage & { readonly binary: string }>>
  readonly etcd: PackedImage
  readonly pause: PackedImage
}

/** Packs what is not packed yet; safe when several processes ask at once. */
export async function packImages({
  binaries,
  versions = defaultVersions,
  outDir = imageCache(),
}: PackOrder): Promise<Packed> {
  await requireStatic(binaries.busybox)
  const source = await sourceHash()
  const pause = await packPause(outDir, source)
  const etcd = await packEtcd(outDir, { etcd: binaries.etcd, source })
  const contents = await Promise.all([...components.map(name => binaries[name]), binaries.busybox].map(fileHash))
  const k0s: Record<string, PackedImage & { binary: string }> = {}
  for (const version of versions) {
    const tag = version.replace('+', '-') // a tag has no plus sign
    const reference = `localhost/k0s-stand-in:${tag}`
    const folder = await kept(
      outDir,
      { name: `k0s-stand-in-${tag}`, parts: [source, version, ...contents] },
      async draft => {
        const binary = join(draft, 'k0s')
        await packBinary({ version, programs: binaries, pauseImage: pause.archive }, binary)
        await writeImage(k0sImage(reference, binary, binaries.busybox), join(draft, 'image.tar'))
      },
    )
    k0s[version] = { reference, archive: join(folder, 'image.tar'), binary: join(folder, 'k0s') }
  }
  return { k0s, etcd, pause }
}

async function packPause(outDir: string, source: string): Promise<PackedImage> {
  const reference = 'localhost/pause:1'
  const folder = await kept(outDir, { name: 'pause-1', parts: [source] }, async draft => {
    const program = await buildPause(join(draft, 'build'))
    const entries: TarEntry[] = [{ path: 'pause', mode: 0o755, kind: 'file', source: program }]
    await writeImage({ reference, entries, config: { Entrypoint: ['/pause'] } }, join(draft, 'image.tar'))
    await rm(join(draft, 'build'), { recursive: true })
  })
  return { reference, archive: join(folder, 'image.tar') }
}

async function packEtcd(
  outDir: string,
  from: { readonly etcd: string; readonly source: string },
): Promise<PackedImage> {
  const { stdout } = await promisify(execFile)(from.etcd, ['--version'])
  const version = /etcd Version: (\S+)/.exec(stdout)?.[1]
  if (!version) throw new Error(`${from.etcd} does not tell its version`)
  const reference = `localhost/etcd:v${version}`
  const parts = [from.source, await fileHash(from.etcd)]
  const folder = await kept(outDir, { name: `etcd-v${version}`, parts }, async draft => {
    const entries: TarEntry[] = [
      ...folders('usr', 'usr/local', 'usr/local/bin'),
      { path: 'usr/local/bin/etcd', mode: 0o755, kind: 'file', source: from.etcd },
    ]
    await writeImage({ reference, entries, config: { Env: [path] } }, join(draft, 'image.tar'))
  })
  return { reference, archive: join(folder, 'image.tar') }
}

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function k0sImage(reference: string, k0s: string, busybox: string): Parameters<typeof writeImage>[0] {
  const entries: TarEntry[] = [
    ...folders('bin', 'etc', 'etc/k0s', 'run', 'usr', 'usr/local', 'usr/local/bin', 'var', 'var/lib'),
    { path: 'tmp', mode: 0o1777, kind: 'folder' },
    { path: 'bin/busybox', mode: 0o755, kind: 'file', source: busybox },
    ...busyboxLinks.map((name): TarEntry => ({ path: `bin/${name}`, mode: 0o777, kind: 'link', target: 'busybox' })),
    { path: 'etc/passwd', mode: 0o644, kind: 'text', text: passwd },
    { path: 'etc/group', mode: 0o644, kind: 'text', text: group },
    { path: 'entrypoint.sh', mode: 0o755, kind: 'text', text: entrypoint },
    { path: 'usr/local/bin/k0s', mode: 0o755, kind: 'file', source: k0s },
  ]
  const config = {
    Env: [path, 'KUBECONFIG=/var/lib/k0s/pki/admin.conf'],
    Entrypoint: ['/bin/sh', '/entrypoint.sh'],
    Cmd: ['k0s', 'controller'],
    Labels: { 'org.opencontainers.image.title': 'k0s stand-in (not k0s)' },
  }
  return { reference, entries, config }
}

function folders(...paths: readonly string[]): readonly TarEntry[] {
  return paths.map(name => ({ path: name, mode: 0o755, kind: 'folder' }))
}

/** A busybox that needs shared libraries would only fail inside the container. */
async function requireStatic(busybox: string): Promise<void> {
  const program = await readFile(busybox)
  if (!program.includes('/ld-linux')) return
  throw new Error(`${busybox} needs shared libraries: install a static one (Debian: busybox-static)`)
}

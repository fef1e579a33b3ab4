// The stand-in's one executable, with the components inside that it starts — shell
import { createWriteStream } from 'node:fs'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type TarEntry, tarOf, tarSize } from '@k0smotron-ts/hack/lab'
import { checkGo, goBuild } from '@k0smotron-ts/hack/tools'

/** The Kubernetes programs that the executable holds; the names are those of hack/tools. */
export const components = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kine',
  'kubelet',
  'kube-proxy',
] as const

/** Paths of the programs to pack. */
export type Components = Readonly<Record<(typeof components)[number], string>>

/** What goes into one executable. */
export interface BinaryOrder {
  /** The k0s release that it plays. */
  readonly version: string
  readonly programs: Components
  /** Archive of the image that pods' sandboxes run. */
  readonly pauseImage: string
}

/** Writes the executable that plays `k0s` of one version, for images and for worker machines alike. */
export async function packBinary({ version, programs, pauseImage }: BinaryOrder, file: string): Promise<void> {
  await goProgram('.', file, ['-X', `main.version=${version}`])
  const entries: TarEntry[] = components.map(name => ({
    path: name,
    mode: 0o755,
    kind: 'file',
    source: programs[name],
  }))
  entries.push({ path: 'images/pause.tar', mode: 0o644, kind: 'file', source: pauseImage })
  await pipeline(tarOf(entries), createWriteStream(file, { flags: 'a' }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(await tarSize(entries)))
  await appendFile(file, Buffer.concat([length, Buffer.from('k0s stand-in payload\n')]))
}

/** Compiles the program that a container image needs to hold a pod's sandbox. */
export async function buildPause(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'pause')
  await goProgram('./pause', file, [])
  return file
}

async function goProgram(goPackage: string, file: string, variables: readonly string[]): Promise<void> {
  await checkGo(['the k0s stand-in'])
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...variables].join(' ')]
  await goBuild(import.meta.dirname, [...flags, '-o', file, goPackage], () => undefined)
}

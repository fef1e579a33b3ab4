// The folder of a release: what is rendered, templates, checksums — shell
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ReleaseFile, type ReleaseOptions, releaseOf } from '@k0smotron-ts/config'
import { withBundle } from '../manager-bundle.ts'
import { bundledComponents } from './components.ts'
import { sbomOf } from './sbom.ts'

export interface WriteOptions extends ReleaseOptions {
  /** Made anew: nothing of an earlier release stays in it. */
  readonly folder: string
}

/** The paths of what was written. The same sources and options give the same bytes. */
export async function writeRelease({ folder, ...options }: WriteOptions): Promise<readonly string[]> {
  const rendered = [...releaseOf(options), ...(await templates()), await sbom(options.version)]
  const files = rendered.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const all = [...files, checksums(files)]
  await rm(folder, { recursive: true, force: true })
  for (const { path, content } of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return all.map(({ path }) => join(folder, path))
}

const samples = join(import.meta.dirname, '..', '..', 'config', 'samples')

/** Templates and ClusterClasses as they are tried in the repository, but for the folder in the commands of their comments. */
async function templates(): Promise<readonly ReleaseFile[]> {
  const names = (await readdir(samples)).filter(name => /^cluster(?:-template|class-)/.test(name))
  return Promise.all(
    names.map(async path => {
      const text = await readFile(join(samples, path), 'utf8')
      return { path, content: text.replaceAll('config/samples/', '') }
    }),
  )
}

async function sbom(version: string): Promise<ReleaseFile> {
  const components = await withBundle(version, (_, folders) => bundledComponents(folders))
  return { path: 'sbom.spdx.json', content: sbomOf(version, components) }
}

/** As `sha256sum --check` reads them. */
function checksums(files: readonly ReleaseFile[]): ReleaseFile {
  const line = ({ path, content }: ReleaseFile): string =>
    `${createHash('sha256').update(content).digest('hex')}  ${path}\n`
  return { path: 'SHA256SUMS', content: files.map(line).join('') }
}

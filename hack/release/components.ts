// Every package of another project that the image contains — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianPackages, platforms } from '../image/base.ts'
import { lockedNode } from '../image/fetched.ts'
import type { Component } from './sbom.ts'

const root = join(import.meta.dirname, '..', '..')

/** `folders`: those of the npm packages that the managers were bundled from, as `bundleManagers` gives them. */
export async function bundledComponents(folders: readonly string[]): Promise<readonly Component[]> {
  const npm = await Promise.all(folders.map(npmComponent))
  const node = await Promise.all(platforms.map(platform => nodeComponent(platform.node)))
  return [...npm, ...node, ...debianComponents()]
}

function debianComponents(): readonly Component[] {
  const components = platforms.flatMap(({ oci }) =>
    debianPackages[oci].map(({ name, version, path, sha256 }) => {
      const [, architecture] = /_(\w+)\.deb$/.exec(path) ?? []
      const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`
      return { name, version, purl, checksum: { algorithm: 'SHA256', value: sha256 } } as const
    }),
  )
  return [...new Map(components.map(component => [component.purl, component])).values()] // some are for every architecture
}

async function nodeComponent(arch: 'x64' | 'arm64'): Promise<Component> {
  const { version, integrity } = await lockedNode(arch)
  const name = `node-linux-${arch}`
  return { name, version, purl: `pkg:npm/${name}@${version}`, license: 'MIT', ...checksumOf(integrity) }
}

async function npmComponent(folder: string): Promise<Component> {
  const text = await readFile(join(root, folder, 'package.json'), 'utf8')
  const { name, version, license } = JSON.parse(text) as Required<Pick<Component, 'name' | 'version' | 'license'>>
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return { name, version, purl, license, ...checksumOf(await integrityOf(folder)) }
}

async function integrityOf(folder: string): Promise<string | undefined> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>
  }
  return lock.packages[folder]?.integrity
}

/** npm writes hashes in base64, SPDX wants them in hexadecimal. */
function checksumOf(integrity: string | undefined): Pick<Component, 'checksum'> {
  const [, base64] = /^sha512-(.+)$/.exec(integrity ?? '') ?? []
  if (base64 === undefined) return {}
  return { checksum: { algorithm: 'SHA512', value: Buffer.from(base64, 'base64').toString('hex') } }
}

// The two layers of the image: what the managers run on, and the managers — shell
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { managerUser } from '@k0smotron-ts/config'
import type { TarEntry } from '../lab/images/tar.ts'
import type { Progress } from '../tools/progress.ts'
import { debianPackages, isAuthority, isKept, type Platform } from './base.ts'
import { fetchDeb, fetchNode } from './fetched.ts'
import { debControl, debEntries, npmEntries } from './unpack.ts'

/** Debian's libraries and Node. It is the same for many releases, so it is pulled once. */
export async function baseLayer(platform: Platform, progress: Progress): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [
    text(
      'etc/passwd',
      `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${managerUser}:${managerUser}:nonroot:/:/sbin/nologin\n`,
    ),
    text('etc/group', `root:x:0:\nnonroot:x:${managerUser}:\n`),
    text('etc/nsswitch.conf', 'hosts: files dns\n'),
    text('etc/os-release', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n'),
    { path: 'tmp', mode: 0o1777, kind: 'folder' },
  ]
  for (const one of debianPackages[platform.oci]) {
    const file = await fetchDeb(one, progress)
    entries.push(...(await debEntries(file, isKept)))
    entries.push(text(`var/lib/dpkg/status.d/${one.name}`, await debControl(file)))
  }
  const node = await npmEntries(await fetchNode(platform, progress), path => path === 'bin/node' || path === 'LICENSE')
  const place: Readonly<Record<string, string>> = {
    'bin/node': 'usr/local/bin/node',
    LICENSE: 'usr/share/doc/node/LICENSE',
  }
  entries.push(...node.map(entry => ({ ...entry, path: place[entry.path] ?? entry.path })))
  return withFolders(withAuthorities(entries))
}

/** The bundled managers, where their Deployments look for them. */
export async function managerLayer(bundle: string): Promise<readonly TarEntry[]> {
  const files = await readdir(bundle, { recursive: true, withFileTypes: true })
  const entries = files
    .filter(file => file.isFile())
    .map((file): TarEntry => {
      const source = join(file.parentPath, file.name)
      return { path: `k0smotron-ts${source.slice(bundle.length)}`, mode: 0o644, kind: 'file', source }
    })
  return withFolders(entries)
}

const text = (path: string, content: string): TarEntry => ({ path, mode: 0o644, kind: 'text', text: content })

/** The one file that programs read, made of the package's many. */
function withAuthorities(entries: readonly TarEntry[]): readonly TarEntry[] {
  const authorities = sorted(entries.filter(({ path }) => isAuthority(path)))
  const bundle = authorities.map(entry => (entry.kind === 'text' ? Buffer.from(entry.text).toString().trim() : ''))
  const rest = entries.filter(({ path }) => !isAuthority(path))
  return [...rest, text('etc/ssl/certs/ca-certificates.crt', `${bundle.join('\n')}\n`)]
}

/** Every folder before what is in it; in an order that depends on nothing but the paths. */
function withFolders(entries: readonly TarEntry[]): readonly TarEntry[] {
  const parentsOf = (path: string): readonly string[] =>
    path.split('/').flatMap((_, index, parts) => (index === 0 ? [] : [parts.slice(0, index).join('/')]))
  const known = new Set(entries.map(({ path }) => path))
  const parents = new Set(entries.flatMap(({ path }) => parentsOf(path)).filter(path => !known.has(path)))
  return sorted([...entries, ...[...parents].map((path): TarEntry => ({ path, mode: 0o755, kind: 'folder' }))])
}

const sorted = (entries: readonly TarEntry[]): readonly TarEntry[] =>
  entries.toSorted((one, other) => (one.path < other.path ? -1 : 1))

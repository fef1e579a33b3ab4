// Files that are fetched once, checked against their pinned hash, and kept — shell
import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { keep } from '../lab/host/kept.ts'
import { execFile } from '../programs/start.ts'
import { cacheFolder } from '../tools/locate.ts'
import type { Progress } from '../tools/progress.ts'
import { type DebianPackage, type Platform, pinnedOn } from './base.ts'

const run = promisify(execFile)

const fetchedFolder = (): string => join(dirname(cacheFolder()), 'fetched')

/** The path of the package's file. */
export function fetchDeb({ path, sha256 }: DebianPackage, progress: Progress): Promise<string> {
  const title = `Fetching ${basename(path)}`
  const make = async (draft: string): Promise<void> => {
    await fetchFirst(urlsOf(path), draft)
    check(path, { algorithm: 'sha256', expected: sha256, found: digest('sha256', await readFile(draft), 'hex') })
  }
  return keep({ path: join(fetchedFolder(), `${sha256.slice(0, 16)}-${basename(path)}`), title, make }, progress)
}

/** A mirror (the environment may name another one), then the archive: mirrors keep only the newest version. */
function urlsOf(path: string): readonly string[] {
  const [archive, ...rest] = path.split('/')
  return [
    `${process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org'}/${path}`,
    `http://snapshot.debian.org/archive/${archive}/${pinnedOn}/${rest.join('/')}`,
  ]
}

async function fetchFirst([url, ...others]: readonly string[], file: string): Promise<void> {
  const options = ['--fail', '--silent', '--show-error', '--location', '--retry', '3', '--output', file]
  try {
    await run('curl', [...options, url ?? ''])
  } catch (error) {
    if (others.length === 0) throw error
    await fetchFirst(others, file)
  }
}

/** The tarball of the Node that package-lock.json pins for this platform. */
export async function fetchNode({ node: arch }: Platform, progress: Progress): Promise<string> {
  const { version, integrity } = await lockedNode(arch)
  const name = `node-linux-${arch}-${version}.tgz`
  const make = async (draft: string): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'node-'))
    try {
      await run('npm', [
        'pack',
        `node-linux-${arch}@${version}`,
        '--ignore-scripts',
        '--silent',
        '--pack-destination',
        folder,
      ])
      const [packed = ''] = await readdir(folder)
      const found = `sha512-${digest('sha512', await readFile(join(folder, packed)), 'base64')}`
      check(name, { algorithm: 'sha512', expected: integrity, found })
      await copyFile(join(folder, packed), draft)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return keep({ path: join(fetchedFolder(), name), title: `Fetching ${name}`, make }, progress)
}

/** What package-lock.json says of it. */
export async function lockedNode(
  arch: Platform['node'],
): Promise<{ readonly version: string; readonly integrity: string }> {
  const lock = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>
  }
  const found = lock.packages[`node_modules/node-linux-${arch}`]
  if (!found) throw new Error(`package-lock.json has no node-linux-${arch}`)
  return found
}

const digest = (algorithm: string, content: Buffer, encoding: 'hex' | 'base64'): string =>
  createHash(algorithm).update(content).digest(encoding)

interface Hashes {
  readonly algorithm: string
  readonly expected: string
  readonly found: string
}

function check(what: string, { algorithm, expected, found }: Hashes): void {
  if (found !== expected)
    throw new Error(`${what} is not what was pinned: its ${algorithm} is ${found}, not ${expected}`)
}

// Images are the same bytes from the same entries, and each part is found under its digest — shell
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { TarEntry } from '../lab/images/tar.ts'
import { debianPackages, isKept, platforms } from './base.ts'
import { blobPath, sizeOf, writeArchive, writeIndex, writeLayer, writeManifest } from './layout.ts'

const reference = 'localhost/k0smotron-ts:v0.1.0'
const entries: readonly TarEntry[] = [
  { path: 'etc', mode: 0o755, kind: 'folder' },
  { path: 'etc/passwd', mode: 0o644, kind: 'text', text: 'root:x:0:0:root:/:/sbin/nologin\n' },
  { path: 'lib', mode: 0o777, kind: 'link', target: 'usr/lib' },
]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layout-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function write(
  name: string,
): Promise<{ readonly layout: string; readonly size: number; readonly digest: string }> {
  const layout = join(folder, name)
  const layer = await writeLayer(layout, entries)
  const config = { User: '65532:65532' }
  const images = await Promise.all(platforms.map(platform => writeManifest(layout, [layer], { platform, config })))
  const { digest } = await writeIndex(layout, images, reference)
  const [first] = images
  if (!first) throw new Error('There is no platform')
  await writeArchive(layout, first, { reference, file: join(folder, `${name}.tar`) })
  return { layout, size: sizeOf(first), digest }
}

async function filesOf(layout: string): Promise<Readonly<Record<string, Buffer>>> {
  const files = (await readdir(layout, { recursive: true, withFileTypes: true })).filter(file => file.isFile())
  const paths = files.map(file => join(file.parentPath, file.name)).sort()
  return Object.fromEntries(
    await Promise.all(paths.map(async path => [path.slice(layout.length), await readFile(path)])),
  )
}

const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

test('written twice, layout and archive are the same', async () => {
  const [one, other] = [await write('one'), await write('other')]
  expect(await filesOf(other.layout)).toEqual(await filesOf(one.layout))
  expect(await readFile(join(folder, 'other.tar'))).toEqual(await readFile(join(folder, 'one.tar')))
})

test('every blob is what its name says, and everything is there from the index on', async () => {
  const { layout, digest, size } = await write('one')
  const blobs = Object.entries(await filesOf(layout)).filter(([path]) => path.startsWith('/blobs/'))
  for (const [path, content] of blobs)
    expect(path).toBe(`/blobs/sha256/${createHash('sha256').update(content).digest('hex')}`)
  const index = await json(join(layout, 'index.json'))
  expect(index.manifests).toMatchObject([{ digest, annotations: { 'org.opencontainers.image.ref.name': 'v0.1.0' } }])
  const { manifests } = await json(join(layout, blobPath(digest)))
  expect(manifests.map((one: { platform: object }) => one.platform)).toEqual([
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ])
  for (const manifest of manifests) {
    const { config, layers } = await json(join(layout, blobPath(manifest.digest)))
    const parts = [manifest, config, ...layers] as { digest: string; size: number }[]
    for (const part of parts) expect(await readFile(join(layout, blobPath(part.digest)))).toHaveLength(part.size)
    if (manifest === manifests[0]) expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(size)
  }
})

describe('of a Debian package', () => {
  it.each([
    ['lib/x86_64-linux-gnu/libc.so.6', true],
    ['lib64/ld-linux-x86-64.so.2', true],
    ['usr/lib/x86_64-linux-gnu/libstdc++.so.6', true],
    ['usr/share/doc/libc6/copyright', true],
    ['usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt', true],
    ['usr/lib/x86_64-linux-gnu/gconv/UTF-16.so', false],
    ['usr/share/doc/libc6/changelog.Debian.gz', false],
    ['usr/sbin/update-ca-certificates', false],
    ['etc/ld.so.conf.d/x86_64-linux-gnu.conf', false],
  ])('%s is kept: %s', (path, kept) => {
    expect(isKept(path)).toBe(kept)
  })
})

test('each platform has the same packages in the same versions, and other bytes', () => {
  const of = (key: 'name' | 'version') => Object.values(debianPackages).map(list => list.map(one => one[key]))
  expect(of('name')[0]).toEqual(of('name')[1])
  expect(of('version')[0]).toEqual(of('version')[1])
  for (const { path, sha256 } of Object.values(debianPackages).flat()) expect(sha256, path).toMatch(/^[0-9a-f]{64}$/)
})

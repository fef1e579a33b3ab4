// Packing: the same input gives the same bytes, and what is inside is what k0s's image has — shell
import { createReadStream } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { components } from './binary.ts'
import { fileHash } from './cache.ts'
import { type Packed, packImages } from './image.ts'

const version = 'v1.35.4+k0s.0'
let folder: string
let packs: readonly Packed[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'k0s-stand-in-pack-'))
  const script = async (name: string): Promise<[string, string]> => {
    const file = join(folder, name)
    await writeFile(file, `#!/bin/sh\necho 'etcd Version: 9.9.9' # ${name}\n`)
    await chmod(file, 0o755)
    return [name, file]
  }
  const programs = Object.fromEntries(await Promise.all([...components, 'etcd', 'busybox'].map(script)))
  const binaries = programs as unknown as Parameters<typeof packImages>[0]['binaries']
  const pack = (outDir: string): Promise<Packed> =>
    packImages({ binaries, versions: [version], outDir: join(folder, outDir) })
  packs = [await pack('one'), await pack('two'), await pack('one')]
}, 300_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Names and small contents of a tar. */
async function contentOf(archive: Readable): Promise<ReadonlyMap<string, Buffer>> {
  const content = new Map<string, Buffer>()
  const reader = archive.pipe(extract())
  for await (const entry of reader) {
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    content.set(entry.header.name, Buffer.concat(chunks))
  }
  return content
}

test('two packs of the same input are byte-identical, and the second call packs nothing', {
  timeout: 60_000,
}, async () => {
  const [one, two, third] = packs
  const files = (pack: Packed | undefined): readonly string[] => {
    const k0s = pack?.k0s[version]
    return [k0s?.archive, k0s?.binary, pack?.etcd.archive, pack?.pause.archive].filter(file => file !== undefined)
  }
  expect(files(one)).toHaveLength(4)
  expect(await Promise.all(files(one).map(fileHash))).toEqual(await Promise.all(files(two).map(fileHash)))
  expect(third).toEqual(one)
})

test('names say that it is a stand-in, and the image is shaped like the one of k0s', { timeout: 60_000 }, async () => {
  const k0s = packs[0]?.k0s[version]
  if (!k0s) throw new Error('Nothing was packed')
  expect(k0s.reference).toBe('localhost/k0s-stand-in:v1.35.4-k0s.0')
  expect(packs[0]?.etcd.reference).toBe('localhost/etcd:v9.9.9')
  const archive = await contentOf(createReadStream(k0s.archive))
  expect(JSON.parse(String(archive.get('manifest.json')))).toMatchObject([{ RepoTags: [k0s.reference] }])
  expect(JSON.parse(String(archive.get('config.json')))).toMatchObject({
    config: { Entrypoint: ['/bin/sh', '/entrypoint.sh'] },
  })
  const root = await contentOf(Readable.from([archive.get('layer.tar') ?? Buffer.alloc(0)]))
  expect(root.get('usr/local/bin/k0s')?.equals(await readFile(k0s.binary))).toBe(true)
  for (const user of ['etcd', 'kube-apiserver', 'kube-scheduler', 'konnectivity-server'])
    expect(String(root.get('etc/passwd'))).toContain(`\n${user}:x:`)
})

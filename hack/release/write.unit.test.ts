// A release is the same bytes from the same sources, and says which — shell
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeRelease } from './write.ts'

const options = { version: 'v0.1.3', image: 'registry.example/k0smotron-ts' }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function contentOf(place: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(place)).sort()
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(place, name), 'utf8')])),
  )
}

test('the folder has what clusterctl and people look for, and nothing of a release before', async () => {
  const place = join(folder, 'one')
  await writeRelease({ ...options, folder: place })
  await writeFile(join(place, 'of-an-earlier-release.yaml'), '')
  await writeRelease({ ...options, folder: place })
  expect(Object.keys(await contentOf(place))).toEqual([
    'SHA256SUMS',
    'alert-rules.yaml',
    'bootstrap-components.yaml',
    'cluster-template-hosted-only.yaml',
    'cluster-template-topology.yaml',
    'cluster-template.yaml',
    'clusterclass-k0smotron.yaml',
    'control-plane-components.yaml',
    'crds.yaml',
    'install.yaml',
    'metadata.yaml',
  ])
})

test('written twice, it is the same, and its checksums are right', async () => {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')]
  for (const place of [one, other]) await writeRelease({ ...options, folder: place })
  const { SHA256SUMS: sums = '', ...files } = await contentOf(one)
  expect({ SHA256SUMS: sums, ...files }).toEqual(await contentOf(other))
  const expected = Object.entries(files).map(
    ([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`,
  )
  expect(sums).toBe(expected.join(''))
})

/** Of templates for clusterctl: what is there before, and which names every provider uses. */
const standard = /^(?:CLUSTER_NAME|NAMESPACE|KUBERNETES_VERSION|CONTROL_PLANE_MACHINE_COUNT|WORKER_MACHINE_COUNT)$/
const own = /^(?:INFRASTRUCTURE|INFRASTRUCTURE_VERSION|SERVICE_TYPE|ETCD_IMAGE|K0S_[A-Z_]+)$/

test.each(['cluster-template', 'cluster-template-hosted-only', 'cluster-template-topology', 'clusterclass-k0smotron'])(
  '%s.yaml makes no namespace, puts everything into the one that it is told, and asks for known variables',
  async name => {
    const place = join(folder, 'one')
    await writeRelease({ ...options, folder: place })
    const text = (await contentOf(place))[`${name}.yaml`] ?? ''
    expect(text).not.toMatch(/^kind: Namespace$/m)
    const documents = text.split(/^---$/m)
    for (const document of documents)
      expect(document).toMatch(/^metadata:\n {2}name: .*\n {2}namespace: \$\{NAMESPACE\}$/m)
    const variables = [...text.matchAll(/\$\{(\w+)/g)].map(([, variable = '']) => variable)
    expect(variables.filter(variable => !standard.test(variable) && !own.test(variable))).toEqual([])
    expect(text).not.toContain('config/samples')
  },
)

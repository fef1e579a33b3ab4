// The Helm chart makes what install.yaml has, object for object — shell
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execFile } from '../../programs/start.ts'
import { writeRelease } from '../../release/write.ts'
import { binaries } from '../../tools/binaries.ts'

interface Item {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: object
}

let folder: string
let helm: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chart-'))
  await writeRelease({ version: 'v0.1.4', image: 'registry.example/k0smotron-ts', folder })
  helm = (await binaries(['helm'])).helm
})

afterAll(() => rm(folder, { recursive: true }))

const sorted = (objects: readonly unknown[]): readonly Item[] =>
  (objects as Item[]).toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
const nameOf = ({ kind, metadata }: Item): string => `${kind}/${metadata.name}`

/** What only Helm reads, and that install.yaml does not have. */
function withoutPolicy(object: Item): Item {
  const { annotations = {}, ...metadata } = object.metadata
  const others = Object.entries(annotations).filter(([name]) => name !== 'helm.sh/resource-policy')
  return { ...object, metadata: { ...metadata, ...(others.length > 0 && { annotations: Object.fromEntries(others) }) } }
}

async function rendered(...args: readonly string[]): Promise<readonly Item[]> {
  const env = { PATH: process.env.PATH, HOME: folder }
  const command = ['template', 'k0smotron', join(folder, 'chart'), ...args]
  const { stdout } = await promisify(execFile)(helm, command, { env, maxBuffer: 1 << 24 })
  return sorted(loadAll(stdout).filter(document => document !== null))
}

test('without values of one’s own', async () => {
  const installed = sorted(loadAll(await readFile(join(folder, 'install.yaml'), 'utf8')))
  const objects = (await rendered('--namespace=k0smotron')).map(withoutPolicy)
  expect(objects).toEqual(installed.filter(({ kind }) => kind !== 'Namespace'))
})

test('in another namespace nothing names the first one', async () => {
  const objects = await rendered('--namespace=elsewhere')
  expect(new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))).toEqual(new Set(['elsewhere']))
  expect(JSON.stringify(objects)).not.toContain('"namespace":"k0smotron"')
})

test('with values', async () => {
  const values = ['replicas=2', 'image.repository=mirror.example/k0smotron-ts', 'image.tag=v0.1.5']
  const objects = await rendered(...values.flatMap(value => ['--set', value]))
  const deployments = objects.filter(({ kind }) => kind === 'Deployment')
  const container = { image: 'mirror.example/k0smotron-ts:v0.1.5' }
  expect(deployments.map(({ spec }) => spec)).toMatchObject(
    [1, 2].map(() => ({ replicas: 2, template: { spec: { containers: [container] } } })),
  )
})

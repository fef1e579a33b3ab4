// What people write for k0smotron, in their own version and converted: taken whole by a real API server — shell
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { convertObject, crdOf, type JsonObject, type KubeObject, kinds } from '@k0smotron-ts/api'
import { clientOf, install, type Kubectl, kubectlWith, startTestEnv, type TestEnv } from '@k0smotron-ts/hack/testenv'
import { loadAll } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversionServer, startConversionServer } from './conversion-server.ts'

let env: TestEnv
let kubectl: Kubectl
let server: ConversionServer

beforeAll(async () => {
  env = await startTestEnv()
  kubectl = await kubectlWith(env.kubeconfig)
  server = await startConversionServer()
  const client = clientOf(env.connection)
  await install(client, kinds.map(kind => crdOf(kind, server.client)) as KubeObject[])
  await client.close()
})

afterAll(async () => {
  await server.stop()
  await env.stop()
})

interface Sample extends JsonObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

const folder = join(import.meta.dirname, 'samples-of-users')

const samplesIn = async (file: string): Promise<readonly Sample[]> =>
  (loadAll(await readFile(join(folder, file), 'utf8')) as Sample[]).map(sample => ({
    ...sample,
    metadata: { ...sample.metadata, namespace: 'default' },
  }))

const files = await Promise.all((await readdir(folder)).map(samplesIn))
const samples = files
  .flat()
  .map(sample => [`${sample.apiVersion} ${sample.kind} ${sample.metadata.name}`, sample] as const)

const otherVersion = ({ apiVersion }: Sample) => apiVersion.replace(/[12]$/, number => (number === '1' ? '2' : '1'))

/** Unknown fields are refused, not pruned. */
const create = (object: JsonObject) =>
  kubectl(['create', '-f', '-', '--dry-run=server', '--validate=strict'], JSON.stringify(object))

it('there are samples of every kind', () => {
  expect(new Set(samples.map(([, { kind }]) => kind))).toEqual(new Set(kinds.map(({ kind }) => kind)))
})

describe.each(samples)('%s', (_, sample) => {
  const converted = convertObject(sample, otherVersion(sample))

  it('is taken as it is written, and in the other version', async () => {
    await create(sample)
    await create(converted)
  })

  it('comes back from the other version as it was', () => {
    expect(convertObject(converted, sample.apiVersion)).toStrictEqual(sample)
  })
})

it('the check is one: a field that no version has is refused', async () => {
  const [, sample] = samples[0] ?? []
  await expect(create({ ...sample, spec: { replica: 1 } })).rejects.toThrow('unknown field "spec.replica"')
})

// No byte of a Secret gets into logs, Events, conditions or what is applied — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, startHostedControlPlane, startManagement } from '@k0smotron-ts/hack/testenv'
import { configMaps, events, secrets, statefulSets } from '@k0smotron-ts/runtime'
import { createLogger } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, namespace, startControlPlane } from './world.ts'

let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

/** Lines of keys long enough that they cannot be there by chance; as stored, and decoded. */
function secretBytes(data: Readonly<Record<string, string>>): string[] {
  const texts = Object.entries(data).flatMap(([key, value]) =>
    key === 'tls.crt' ? [] : [Buffer.from(value, 'base64').toString()],
  )
  const lines = texts.flatMap(text => text.split('\n')).filter(line => line.length >= 40 && !line.startsWith('-----'))
  const inKubeconfig = texts.flatMap(text =>
    [...text.matchAll(/client-key-data: (\S+)/g)].map(([, found = '']) => found),
  )
  return [...lines.filter(line => !line.includes(':')), ...inKubeconfig]
}

it('whatever happens to a control plane', async () => {
  const log: string[] = []
  const logger = createLogger({ level: 'debug', output: { write: line => void log.push(line) } })
  const spec = { version: 'v1.36.3+k0s.1', externalAddress: world.env.publishedAddress }
  const key = { namespace, name: 'quiet' }
  {
    await using _running = await startControlPlane(world, { log: logger })
    await makeControlPlane(world, 'quiet', spec)
    await world.until(k0smotronControlPlane, key, object => object.status?.readyReplicas === 1)
    await using _hosted = await startHostedControlPlane({ env: world.env, ...key, cluster: 'quiet' })
    await world.until(k0smotronControlPlane, key, object => conditionOf(object, 'Available') === 'True Available')
    // trouble is when texts get out: a key that does not fit, and a kubeconfig that is none
    const broken = { data: { 'tls.key': Buffer.from('-----BEGIN PRIVATE KEY-----\nnot-a-key\n').toString('base64') } }
    await world.client.patchMerge(secrets, { namespace, name: 'quiet-etcd' }, broken)
    await world.until(k0smotronControlPlane, key, object =>
      conditionOf(object, 'CertificatesAvailable').startsWith('False'),
    )
  }
  const { items } = await world.client.list(secrets, {
    namespace,
    labelSelector: 'cluster.x-k8s.io/cluster-name=quiet',
  })
  const bytes = items.flatMap(({ data = {} }) => secretBytes(data))
  expect(bytes.length).toBeGreaterThan(10)
  const seen = [
    log.join('\n'),
    ...(await Promise.all(
      [events, configMaps, statefulSets, k0smotronControlPlane].map(async type =>
        JSON.stringify((await world.client.list<never>(type as never, { namespace })).items),
      ),
    )),
  ].join('\n')
  expect(seen.length).toBeGreaterThan(10_000)
  expect(bytes.filter(secret => seen.includes(secret))).toEqual([])
})

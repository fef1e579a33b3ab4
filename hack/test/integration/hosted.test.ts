// A hosted control plane without pods behaves like k0s's — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHostedControlPlane, startTestEnv, type TestEnv } from '../../testenv/index.ts'
import { openRequests } from '../../testenv/requests.ts'
import { type HostedSettings, hostedObjects } from './hosted-objects.ts'
import { apply, kubectl } from './kubectl.ts'

let env: TestEnv

beforeAll(async () => {
  env = await startTestEnv()
})

afterAll(() => env.stop())

async function given(settings: Omit<HostedSettings, 'address'>): Promise<void> {
  const objects = await hostedObjects({ ...settings, address: env.publishedAddress })
  for (const object of objects) await apply(env.kubeconfig, object)
}

function withPrefix(etcdPrefix: string): object {
  return { type: 'etcd', etcd: { externalCluster: { endpoints: ['https://kmc-c1-etcd:2379'], etcdPrefix } } }
}

const etcd = withPrefix('c1')

/** What the server says to somebody without credentials. */
async function anonymously(server: string, ca: string, path: string): Promise<number> {
  await using requests = openRequests({ server, ca }, 'nobody')
  return await requests.status(path)
}

test('it serves on the published address, and refuses strangers', async () => {
  await given({ cluster: 'c1', port: 31_443, storage: etcd })
  await using hosted = await startHostedControlPlane({ env, namespace: 'default', cluster: 'c1' })

  expect(hosted.connection.server).toBe(`https://${env.publishedAddress}:31443`)
  await kubectl(hosted.kubeconfig, ['create', 'namespace', 'workload'])
  expect(await kubectl(hosted.kubeconfig, ['get', 'namespace', 'workload', '-o', 'name'])).toBe('namespace/workload')
  expect(await anonymously(hosted.connection.server, hosted.connection.ca, '/readyz')).toBe(401)
})

test('its etcd member answers JSON, has the name of the pod, and holds the objects under the prefix', async () => {
  await given({ cluster: 'c6', port: 31_448, storage: withPrefix('c6') })
  await using hosted = await startHostedControlPlane({ env, namespace: 'default', cluster: 'c6' })
  await kubectl(hosted.kubeconfig, ['create', 'namespace', 'workload'])
  const file = (name: string): Promise<string> => readFile(join(env.dir, 'hosted-default-c6', name), 'utf8')
  const certificate = { cert: await file('etcd-client.crt'), key: await file('etcd-client.key') }
  const connection = { server: hosted.etcd ?? '', ca: await file('etcd-ca.crt'), identity: { certificate } }
  await using requests = openRequests(connection, 'somebody')

  const key = Buffer.from('/c6/namespaces/workload').toString('base64')
  expect(await requests.post('/v3/kv/range', { key })).toMatchObject({ count: '1' })
  const { members } = await requests.post<{ members: object[] }>('/v3/cluster/member/list', {})
  expect(members).toMatchObject([{ name: 'kmc-c6-etcd-0', peerURLs: ['https://kmc-c6-etcd-0.kmc-c6-etcd:2380'] }])
})

test('what was stored is there after a stop, and a paused server answers nobody until it goes on', async () => {
  await given({ cluster: 'c2', port: 31_444, storage: etcd })
  const before = await startHostedControlPlane({ env, namespace: 'default', cluster: 'c2' })
  await kubectl(before.kubeconfig, ['create', 'namespace', 'workload'])
  await before.stop()
  await using hosted = await startHostedControlPlane({ env, namespace: 'default', cluster: 'c2' })

  expect(await kubectl(hosted.kubeconfig, ['get', 'namespace', 'workload', '-o', 'name'])).toBe('namespace/workload')
  await hosted.pause()
  await expect(kubectl(hosted.kubeconfig, ['get', 'namespaces', '--request-timeout=500ms'])).rejects.toThrow()
  hosted.resume()
  expect(await kubectl(hosted.kubeconfig, ['get', 'namespace', 'workload', '-o', 'name'])).toBe('namespace/workload')
})

test('an AuthenticationConfiguration decides what strangers may see', async () => {
  const authentication = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    anonymous: { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
  }
  await given({ cluster: 'c3', port: 31_445, storage: etcd, authentication })
  await using hosted = await startHostedControlPlane({ env, namespace: 'default', cluster: 'c3' })
  const { server, ca } = hosted.connection

  const answers = await Promise.all(['/readyz', '/livez', '/version'].map(path => anonymously(server, ca, path)))
  expect(answers).toEqual([200, 200, 401])
})

test('with kine it runs on sqlite', async () => {
  await given({ cluster: 'c4', port: 31_446, storage: { type: 'kine' } })
  await using hosted = await startHostedControlPlane({ env, namespace: 'default', cluster: 'c4' })

  expect(hosted.etcd).toBeUndefined()
  await kubectl(hosted.kubeconfig, ['create', 'namespace', 'workload'])
  expect(await kubectl(hosted.kubeconfig, ['get', 'namespace', 'workload', '-o', 'name'])).toBe('namespace/workload')
})

test('a missing Secret is named', async () => {
  const [first, ...others] = await hostedObjects({
    cluster: 'c5',
    address: env.publishedAddress,
    port: 31_447,
    storage: etcd,
  })
  for (const object of others) await apply(env.kubeconfig, object)

  expect(first).toMatchObject({ metadata: { name: 'c5-ca' } })
  await expect(startHostedControlPlane({ env, namespace: 'default', cluster: 'c5' })).rejects.toThrow('secrets/c5-ca')
})

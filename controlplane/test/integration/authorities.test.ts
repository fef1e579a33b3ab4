// Authorities that cannot be used, or are not those that the control plane was made with: told, and nothing breaks — shell
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type Management, startHostedControlPlane } from '@k0smotron-ts/hack/testenv'
import { secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { issueCertificateAuthority } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, makeControlPlane, messageOf, namespace, startWorld } from './world.ts'

const version = 'v1.36.3+k0s.1'
let world: Management

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world[Symbol.asyncDispose]())

const keyOf = (name: string) => ({ namespace, name })
const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, keyOf(name), object => conditionOf(object, type) === condition)
const base64 = (text: string) => Buffer.from(text).toString('base64')
type Pair = Readonly<Record<'tls.crt' | 'tls.key', string>>
const pair = (certificate: string, key: string): Pair => ({ 'tls.crt': base64(certificate), 'tls.key': base64(key) })

async function anotherAuthority(): Promise<Pair> {
  const year = 365 * 24 * 60 * 60 * 1000
  const issued = await issueCertificateAuthority({ commonName: 'kubernetes-ca', validityMs: year, now: new Date() })
  return pair(issued.certificate, issued.privateKey.reveal())
}

const giveSecret = (cluster: string, purpose: string, data: Pair) =>
  world.client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { ...keyOf(`${cluster}-${purpose}`), labels: { 'cluster.x-k8s.io/cluster-name': cluster } },
    data,
  })

/** A root of a kind that OpenSSL makes and Kubernetes cannot use; nobody has trusted it. */
const ed25519Root = pair(
  `-----BEGIN CERTIFICATE-----
MIIBTzCCAQGgAwIBAgIUNcYT1e8j1pOA2IGLT86vY+nyVnwwBQYDK2VwMBUxEzARBgNVBAMMCmt1YmVybmV0ZXMwHhcNMjYxMTI5
MDA1ODE4WhcNMzYxMTI2MDA1ODE4WjAVMRMwEQYDVQQDDAprdWJlcm5ldGVzMCowBQYDK2VwAyEAejm2qhx+Gopd0Sa8ypdW5YSg
91V0KBUDAJYrhEE8BYijYzBhMB0GA1UdDgQWBBSsllKVu08A4IEAJ/p6pJ3xOetyjjAfBgNVHSMEGDAWgBSsllKVu08A4IEAJ/p6
pJ3xOetyjjAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAFBgMrZXADQQDWePNlI/i/+y+uFrHj3t4cDHGH/G+CUukV
rUXqG65BU6vxgHeHcgkoV5dd85UEqf9TGWfbqZYDLkTOCEudjKwE
-----END CERTIFICATE-----
`,
  `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIILXLvX8sy2bc1N6xzZKes4b5sQnYX/RStg6txlMziUK
-----END PRIVATE KEY-----
`,
)

it.each<[string, string, Pair, string]>([
  [
    'ed25519',
    'ca',
    ed25519Root,
    'Secret ed25519-ca: an ed25519 key cannot sign certificates here: RSA, P-256, P-384 and P-521 can',
  ],
  [
    'halves',
    'sa',
    pair(
      'rubbish',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    ),
    'Secret halves-sa: tls.crt is no public key of tls.key',
  ],
])('a key that cannot be used is told before it is: %s', async (name, purpose, data, message) => {
  await giveSecret(name, purpose, data)
  await makeControlPlane(world, name, { version })
  const bad = await until(name, 'CertificatesAvailable', 'False InvalidCertificate')
  expect(messageOf(bad, 'CertificatesAvailable')).toBe(message)
  await until(name, 'ControlPlaneComponentsHealthy', 'False WaitingForCertificates')
  expect(await world.client.get(statefulSets, keyOf(`kmc-${name}`))).toBeUndefined()
})

it('leaf certificates live as long as the spec says, and are made anew when somebody asks for it', async () => {
  const name = 'asked'
  await makeControlPlane(world, name, { version, certificates: { duration: '48h', renewBefore: '12h' } })
  const leaf = keyOf('asked-etcd-server')
  const first = await world.until(secrets, leaf, () => true)
  const { validTo } = new X509Certificate(Buffer.from(first.data?.['tls.crt'] ?? '', 'base64'))
  expect(Math.abs(Date.parse(validTo) - Date.now() - 48 * 3_600_000)).toBeLessThan(3_600_000)
  const annotations = {
    'k0smotron.io/renew-certificates': '',
    'k0smotron.io/conversion-dropped-service.labels': '{"team":"a"}',
  }
  await world.client.patchMerge(k0smotronControlPlane, keyOf(name), { metadata: { annotations } })
  await world.until(secrets, leaf, secret => secret.data?.['tls.crt'] !== first.data?.['tls.crt'])
  const settled = await world.until(
    k0smotronControlPlane,
    keyOf(name),
    ({ metadata }) => metadata.annotations?.['k0smotron.io/renew-certificates'] === undefined,
  )
  expect(settled.metadata.annotations).toHaveProperty(['k0smotron.io/conversion-dropped-service.labels'])
  await world.until(services, keyOf('kmc-asked'), ({ metadata }) => metadata.labels?.team === 'a')
})

it('an authority that is replaced under a running control plane changes nothing, and is told; its own heals it', async () => {
  const name = 'replaced'
  const spec = { version, externalAddress: world.env.publishedAddress, service: { type: 'ClusterIP', apiPort: 30447 } }
  await makeControlPlane(world, name, spec)
  await until(name, 'DatastoreAvailable', 'True DatastoreAvailable')
  await using _hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: name })
  await until(name, 'Available', 'True Available')
  const seen = async () => {
    const sets = ['kmc-replaced', 'kmc-replaced-etcd'].map(key => world.client.get(statefulSets, keyOf(key)))
    const leaves = ['replaced-etcd-server', 'replaced-kubeconfig'].map(key => world.client.get(secrets, keyOf(key)))
    const generations = (await Promise.all(sets)).map(set => set?.metadata.generation)
    return [...generations, ...(await Promise.all(leaves)).map(leaf => leaf?.data)]
  }
  const before = await seen()
  for (const purpose of ['etcd', 'ca']) {
    const own = await world.until(secrets, keyOf(`replaced-${purpose}`), () => true)
    await world.client.patchMerge(secrets, keyOf(`replaced-${purpose}`), { data: await anotherAuthority() })
    const bad = await until(name, 'CertificatesAvailable', 'False InvalidCertificate')
    expect(messageOf(bad, 'CertificatesAvailable')).toMatch(
      new RegExp(`^Secret replaced-${purpose}: has another key than`),
    )
    await world.quiet()
    expect(await seen()).toEqual(before)
    await world.client.patchMerge(secrets, keyOf(`replaced-${purpose}`), { data: own.data ?? {} })
    await until(name, 'CertificatesAvailable', 'True CertificatesAvailable')
  }
  await until(name, 'Available', 'True Available')
  expect(await seen()).toEqual(before)
})

it('the authority of the front proxy rolls the pods that read it; what others put on a Secret outlives its renewal', async () => {
  const name = 'rolled'
  await makeControlPlane(world, name, { version })
  await until(name, 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  const before = await world.until(statefulSets, keyOf('kmc-rolled'), () => true)
  await world.client.patchMerge(secrets, keyOf('rolled-proxy'), { data: await anotherAuthority() })
  const authorities = (set: typeof before) => set.spec?.template?.metadata?.annotations?.['k0smotron.io/authorities']
  await world.until(statefulSets, keyOf('kmc-rolled'), set => authorities(set) !== authorities(before))

  const marks = { labels: { backup: 'nightly' }, annotations: { note: 'mine' }, finalizers: ['example.com/keep'] }
  const broken = { metadata: marks, data: { value: base64('text') } }
  await world.client.patchMerge(secrets, keyOf('rolled-kubeconfig'), broken)
  const written = await world.until(
    secrets,
    keyOf('rolled-kubeconfig'),
    ({ data }) => data?.value !== broken.data.value,
  )
  expect(written.metadata).toMatchObject(marks)
  await world.client.patchMerge(secrets, keyOf('rolled-kubeconfig'), { metadata: { finalizers: [] } })
})

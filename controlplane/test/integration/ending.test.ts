// People are told of an authority that ends, once, at its time, and by nothing but an Event — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import { type AuditEntry, type Management, movableClock, startManagement } from '@k0smotron-ts/hack/testenv'
import { secrets } from '@k0smotron-ts/runtime'
import { issueCertificateAuthority } from '@k0smotron-ts/runtime/shell'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conditionOf, eventsOf, makeControlPlane, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const minute = 60_000
const thirtyDays = 30 * 24 * 60 * minute
const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-control-plane'
let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

const base64 = (text: string) => Buffer.from(text).toString('base64')

async function giveAuthority(cluster: string, validityMs: number): Promise<void> {
  const { certificate, privateKey } = await issueCertificateAuthority({
    commonName: 'kubernetes-ca',
    validityMs,
    now: new Date(),
  })
  await world.client.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'cluster.x-k8s.io/secret',
    metadata: { name: `${cluster}-ca`, namespace, labels: { 'cluster.x-k8s.io/cluster-name': cluster } },
    data: { 'tls.crt': base64(certificate), 'tls.key': base64(privateKey.reveal()) },
  })
}

const until = (name: string, type: string, condition: string) =>
  world.until(k0smotronControlPlane, { namespace, name }, object => conditionOf(object, type) === condition)

const told = async (name: string) =>
  (await eventsOf(world, name)).filter(({ reason }) => reason === 'CertificateEnds').map(({ message }) => message)

it('thirty days before its end, of a control plane that is paused too', async () => {
  const clock = movableClock()
  await using _running = await startControlPlane(world, { clock })
  for (const name of ['ends', 'held']) {
    // longer than this test takes: until then nothing is told
    await giveAuthority(name, thirtyDays + 60 * minute)
    await makeControlPlane(world, name, { version })
    await until(name, 'ControlPlaneComponentsHealthy', 'True ControlPlaneComponentsHealthy')
  }
  const annotations = { 'cluster.x-k8s.io/paused': '' }
  await world.client.patchMerge(k0smotronControlPlane, { namespace, name: 'held' }, { metadata: { annotations } })
  await until('held', 'Paused', 'True Paused')
  await world.quiet()
  expect([...(await told('ends')), ...(await told('held'))]).toEqual([])

  const mark = await world.env.auditLog.mark()
  await clock.move(61 * minute)
  const message = (name: string) =>
    expect.stringMatching(`^the certificate in Secret ${name}-ca ends at .*, in less than 30 days; nothing renews it`)
  for (const name of ['ends', 'held']) await expect.poll(() => told(name)).toEqual([message(name)])
  await world.quiet()
  const writes = (await world.env.auditLog.since(mark)).filter(one => ours(one) && one.verb !== 'watch')
  expect(writes.filter(({ verb }) => verb !== 'list').map(({ verb, resource }) => `${verb} ${resource}`)).toEqual([
    'create events',
    'create events',
  ])
})

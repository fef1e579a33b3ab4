// From an applied control plane to one that answers, on a real API server — shell
import { k0smotronControlPlane } from '@k0smotron-ts/api'
import {
  type AuditEntry,
  countBy,
  isEvent,
  isWrite,
  type Management,
  movableClock,
  startHostedControlPlane,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { conditionOf, eventsOf, makeControlPlane, namespace, startControlPlane } from './world.ts'

const version = 'v1.36.3+k0s.1'
const ours = ({ user }: AuditEntry) => user === 'system:serviceaccount:k0smotron:k0smotron-control-plane'
/** What the API server rewrites on its way in. */
const awkward = {
  version,
  resources: { requests: { cpu: '1000m', memory: '1024Mi' }, limits: {} },
  topologySpreadConstraints: [],
  controlPlaneFlags: [],
  kubeconfigSecretMetadata: { labels: {}, annotations: { note: 'mine' } },
  storage: { etcd: { persistence: { size: '1024Mi' }, resources: { requests: { cpu: '0.5' } } } },
}

let world: Management

beforeAll(async () => {
  world = await startManagement({ kwok: true, clusterApiKinds: true })
  await world.env.addNode('node-1')
})

afterAll(() => world[Symbol.asyncDispose]())

/** Several Events are sent at a time: the last one may be there first. */
async function untilTold(news: readonly string[]): Promise<void> {
  const told = async () => (await eventsOf(world, 'whole')).map(({ type, reason }) => `${type} ${reason}`).sort()
  await expect.poll(told).toEqual(news)
}

describe('a control plane', () => {
  it('gets everything it needs with few requests, answers, and is then left alone', async () => {
    const clock = movableClock()
    await using running = await startControlPlane(world, { clock })
    const mark = await world.env.auditLog.mark()
    await makeControlPlane(world, 'whole', { ...awkward, externalAddress: world.env.publishedAddress })
    const key = { namespace, name: 'whole' }
    const waiting = await world.until(k0smotronControlPlane, key, object => object.status?.readyReplicas === 1)
    expect(conditionOf(waiting, 'Available')).toMatch(/^False/)
    expect(waiting.status?.version).toBeUndefined()

    await using hosted = await startHostedControlPlane({ env: world.env, namespace, cluster: 'whole' })
    expect(hosted.connection.server).toContain(':30443')
    const initialized = await world.until(
      k0smotronControlPlane,
      key,
      object => conditionOf(object, 'Available') === 'True Available',
    )
    expect(initialized.status).toMatchObject({
      initialization: { controlPlaneInitialized: true },
      externalManagedControlPlane: true,
      version,
      versions: [{ version, replicas: 1 }],
      replicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      upToDateReplicas: 1,
    })
    expect(initialized.spec.controlPlaneEndpoint).toMatchObject({ port: 30443 })

    await untilTold([
      'Normal Available',
      'Normal CertificatesAvailable',
      'Normal ControlPlaneComponentsHealthy',
      'Normal DatastoreAvailable',
      'Normal EndpointAvailable',
    ])
    const told = await eventsOf(world, 'whole')
    const last = told.find(({ reason }) => reason === 'Available')
    expect(last?.message).toBe(
      `the API server answers at https://${world.env.publishedAddress}:30443; Secret whole-kubeconfig has the kubeconfig`,
    )
    expect(told.filter(({ firstTimestamp = '' }) => firstTimestamp > (last?.firstTimestamp ?? ''))).toEqual([])

    const requests = (await world.env.auditLog.since(mark)).filter(ours)
    const made = requests.filter(entry => !isEvent(entry) && entry.verb !== 'list' && entry.verb !== 'watch')
    expect(
      countBy(
        made.filter(({ subresource }) => subresource !== 'status'),
        ['verb', 'resource'],
      ),
    ).toEqual({
      'create secrets': 8,
      // looked for once, because the cache does not hold config maps of others
      'get configmaps': 3,
      // the configuration of etcd a second time: once it has formed it must not form anew
      'patch configmaps': 4,
      // finalizer, endpoint, and that the datastore has formed
      'patch k0smotroncontrolplanes.controlplane.cluster.x-k8s.io': 3,
      'patch networkpolicies.networking.k8s.io': 1,
      'patch poddisruptionbudgets.policy': 2,
      'patch services': 2,
      'patch statefulsets.apps': 2,
    })
    // as many as the pods have turns; each says something new
    expect(made.length).toBeLessThanOrEqual(40)

    await world.quiet()
    const idle = await world.env.auditLog.mark()
    await clock.move(120_000) // no longer: the server cannot keep up, and a watch without bookmarks is taken for dead
    await world.quiet()
    const idled = (await world.env.auditLog.since(idle)).filter(ours)
    expect(idled.filter(({ verb }) => verb !== 'watch')).toEqual([])
    await running.stop()
    await using _again = await startControlPlane(world)
    await world.quiet()
    const after = (await world.env.auditLog.since(idle)).filter(ours)
    expect(countBy(after.filter(isWrite), ['verb', 'resource', 'name'])).toEqual({})
    expect(Object.keys(countBy(after, ['verb']))).toEqual(expect.arrayContaining(['list', 'watch']))
    expect(after.filter(({ verb }) => verb === 'get')).toEqual([])
  })
})

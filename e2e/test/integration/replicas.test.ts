// Two replicas of each manager; the leaders are killed in the middle of a write, under load, and the others go on — shell
import {
  type K0smotronControlPlane,
  type KubeObject,
  k0smotronControlPlane,
  machines,
  namesOf,
  type ObjectKey,
} from '@k0smotron-ts/api'
import { providerNamespace } from '@k0smotron-ts/config'
import type { ProviderName } from '@k0smotron-ts/hack/managers'
import {
  clientOf,
  countBy,
  freePort,
  install,
  isEvent,
  isLease,
  kubectlWith,
  type Management,
  startHostedControlPlane,
} from '@k0smotron-ts/hack/testenv'
import { type Client, leases } from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Manager, startManagers } from '../../harness/managers.ts'
import { make } from '../../harness/objects.ts'
import { labProvider, statusOnlyMachines } from '../../lab-provider/index.ts'
import { clusterPicture } from '../../scenarios/support/cluster-picture.ts'
import { onLoopback, openWriteGate, type WriteGate } from '../../scenarios/support/write-gate.ts'
import { clusterObjects } from './cluster.ts'
import { passesOf } from './passes-of.ts'
import { registerNode } from './path.ts'
import { convertedBy } from './webhook-of.ts'
import { startWorld } from './world.ts'

/** Of the API server. */
const users = ['control-plane', 'bootstrap'].map(name => `system:serviceaccount:k0smotron:k0smotron-${name}`)
/** Clusters with a worker, and control planes alone beside them. */
const whole = ['c0', 'c1']
const alone = ['p0', 'p1', 'p2']

type Lease = Awaited<ReturnType<typeof leasesOf>>[number]
type Replica = 'first' | 'standby'

const opened = new AsyncDisposableStack()
let world: Management
let gate: WriteGate
const ports: Record<Replica, Record<ProviderName, number>> = {
  first: { 'control-plane': 0, bootstrap: 0 },
  standby: { 'control-plane': 0, bootstrap: 0 },
}
let first: Readonly<Record<ProviderName, Manager>>
let standby: Readonly<Record<ProviderName, Manager>>

async function startReplica(replica: Replica): Promise<Readonly<Record<ProviderName, Manager>>> {
  for (const provider of ['control-plane', 'bootstrap'] as const) ports[replica][provider] = await freePort()
  const started = await startManagers(world.env, {
    hostedApi: 'endpoint',
    allowWorkloadAddresses: '127.0.0.0/8',
    standby: replica === 'standby',
    flags: provider => [`--webhook-port=${ports[replica][provider]}`],
  })
  return Object.fromEntries(started.map(manager => [manager.provider, manager])) as Record<ProviderName, Manager>
}

beforeAll(async () => {
  world = opened.use(await startWorld({ kwok: true }))
  await world.env.addNode('node-1')
  opened.use(await world.start(labProvider({ machines: statusOnlyMachines }), 'lab-provider'))
  gate = opened.use(await openWriteGate(onLoopback))
  for (const name of ['calm', 'storm']) {
    await install(world.client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
  }
  first = await startReplica('first')
  standby = await startReplica('standby')
})

afterAll(() => opened.disposeAsync())

/** Everything at once. Gives the workload clusters when their nodes have joined. */
async function makeAll(namespace: string, firstPort: number): Promise<readonly Client[]> {
  for (const [index, name] of [...whole, ...alone].entries()) {
    const service = { type: 'ClusterIP', apiPort: firstPort + index } as const
    const controlPlane = { externalAddress: world.env.publishedAddress, service }
    const objects = whole.includes(name)
      ? clusterObjects({ name, controlPlane, infrastructure: { waitFor: 'ClusterEndpoint' } })
      : clusterObjects({ name, controlPlane }).slice(0, 2)
    await make(world.client, namespace, objects)
  }
  for (const name of alone) await untilReady({ namespace, name })
  return Promise.all(whole.map(name => joined({ namespace, name })))
}

function untilReady(key: ObjectKey): Promise<K0smotronControlPlane> {
  return world.until(k0smotronControlPlane, key, ({ status }) => status?.readyReplicas === 1)
}

async function joined({ namespace, name }: ObjectKey & { readonly namespace: string }): Promise<Client> {
  await untilReady({ namespace, name })
  const { connection } = await startHostedControlPlane({ env: world.env, namespace, cluster: name })
  const workload = opened.use(clientOf(connection))
  const labelSelector = `cluster.x-k8s.io/cluster-name=${name}`
  const list = async () => (await world.client.list(machines, { namespace, labelSelector })).items
  await expect.poll(async () => (await list()).map(({ spec }) => spec.providerID !== undefined)).toEqual([true])
  for (const machine of await list()) await registerNode(world, { connection }, machine)
  await world.until(k0smotronControlPlane, { namespace, name }, ({ status }) => status?.availableReplicas === 1)
  return workload
}

const leasesOf = async () => (await world.client.list(leases, { namespace: providerNamespace })).items

/** Without names that MachineSets make up, what follows from ports, and whether a pod met a busy scheduler. */
async function pictureOf(namespace: string, workloads: readonly Client[]): Promise<readonly string[]> {
  const pictures = await Promise.all(workloads.map(workload => clusterPicture(world.client, namespace, workload)))
  return pictures
    .flat()
    .filter(line => !/^Pod .*: managers /.test(line))
    .map(line => line.replaceAll(/\b(c\d)-[a-z0-9]{5}-[a-z0-9]{5}\b/g, '$1-NAME'))
    .map(line => line.replaceAll(/MachineSet\/(c\d)-[a-z0-9]{5}\b/g, 'MachineSet/$1-NAME'))
    .map(line => line.replaceAll(/kmc-([cp]\d)-config-[0-9a-f]{10}/g, 'kmc-$1-config-HASH'))
    .sort()
}

/** From when it resolves, so many writes wait of which `is` is true; none is let through before the next `hold`. */
async function holdUntil(count: number, is: (name: string) => boolean): Promise<void> {
  const held = new Set<string>()
  gate.hold(({ metadata: { name = '' } }: KubeObject) => {
    if (is(name)) held.add(name)
    return is(name)
  })
  await expect.poll(() => held.size).toBe(count)
}

const groups = { 'control-plane': 'controlplane', bootstrap: 'bootstrap' } as const
const answersOf = (replica: Replica, provider: ProviderName): Promise<string | undefined> =>
  convertedBy(world.client, provider, ports[replica][provider]).catch(() => undefined)
const untilConverts = (replica: Replica, provider: ProviderName): Promise<void> =>
  expect.poll(() => answersOf(replica, provider)).toBe(`${groups[provider]}.cluster.x-k8s.io/v1beta2`)

it('webhooks of the leader and of the replica that waits answer', async () => {
  for (const replica of ['first', 'standby'] as const) {
    for (const provider of ['control-plane', 'bootstrap'] as const) await untilConverts(replica, provider)
  }
})

it('the others take over when leaders are killed at a write, and everything is made once, as if nobody had been killed', async () => {
  const undisturbed = await makeAll('calm', 32_100)
  // both have the same rights: what one does twice the other finds done, and nothing would be made twice
  for (const provider of ['control-plane', 'bootstrap'] as const) {
    expect(await passesOf(standby[provider])).toBe(0)
    expect(await passesOf(first[provider])).toBeGreaterThan(0)
  }
  const before = await leasesOf()
  const mark = await world.env.auditLog.mark()

  await gate.guard(await kubectlWith(world.env.kubeconfig), { namespace: 'storm', resources: ['secrets'] })
  const lastKeys: readonly string[] = [...whole, ...alone].map(name => namesOf(name).etcdPeer)
  const keysHeld = holdUntil(lastKeys.length, name => lastKeys.includes(name))
  const made = makeAll('storm', 32_200)
  await keysHeld
  await first['control-plane'].kill()
  const atKills = [before, await leasesOf()]
  await holdUntil(whole.length, name => /^c\d-[a-z0-9]{5}-[a-z0-9]{5}$/.test(name))
  await first.bootstrap.kill()
  atKills.push(await leasesOf())
  gate.hold(() => false)

  const disturbed = await made
  await world.quiet(users)
  await expect
    .poll(() => pictureOf('storm', disturbed), { interval: 500 })
    .toEqual(await pictureOf('calm', undisturbed))
  const entries = (await world.env.auditLog.since(mark)).filter(({ user }) => users.includes(user))
  const creations = entries.filter(entry => entry.status === 201 && !isEvent(entry) && !isLease(entry))
  const times = Object.entries(countBy(creations, ['resource', 'namespace', 'name']))
  expect(times.filter(([, count]) => count > 1)).toEqual([])
  expect(times.length).toBeGreaterThan(80)
  expectTakenOver(atKills, await leasesOf())
  for (const provider of ['control-plane', 'bootstrap'] as const) {
    expect(await answersOf('first', provider)).toBeUndefined()
    await untilConverts('standby', provider)
  }
})

/** Once each, by another process, and not before the lease of the dead one had run out. */
function expectTakenOver(earlier: readonly (readonly Lease[])[], after: readonly Lease[]): void {
  expect(after.map(({ spec }) => spec?.leaseTransitions)).toEqual([1, 1])
  for (const [index, { spec }] of after.entries()) {
    const seen = earlier.map(leasesThen => leasesThen[index]?.spec)
    const dead = seen.filter(one => one?.holderIdentity === seen[0]?.holderIdentity).at(-1)
    expect(spec?.holderIdentity).not.toBe(dead?.holderIdentity)
    const waitedMs = Date.parse(spec?.acquireTime ?? '') - Date.parse(dead?.renewTime ?? '')
    expect(waitedMs).toBeGreaterThanOrEqual(1000 * (dead?.leaseDurationSeconds ?? Number.POSITIVE_INFINITY))
  }
}

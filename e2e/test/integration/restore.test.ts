// The commands of docs/restore.md, from one management cluster into another, with Cluster API core and a worker — shell
import { join } from 'node:path'
import { clusters, k0smotronControlPlane, k0sWorkerConfig, type Machine, machines } from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import type { HostedControlPlane, Management, RunningProvider } from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  networkPolicies,
  podDisruptionBudgets,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labMachine, labProvider, statusOnlyMachines } from '../../lab-provider/index.ts'
import { follow } from './page-commands.ts'
import { beginPath, type Path, registerNode } from './path.ts'
import { by, listed, startWorld } from './world.ts'

const name = 'kept'
const key = { namespace: name, name }
const parts = [services, statefulSets, configMaps, podDisruptionBudgets, networkPolicies]
const all = [clusters, k0smotronControlPlane, k0sWorkerConfig, machines, labMachine, secrets, ...parts]
const accounts = ['k0smotron-control-plane', 'k0smotron-bootstrap']

let before: Management
let after: Management
let path: Path
let hosted: HostedControlPlane
let machine: Machine

function start(world: Management): Promise<readonly RunningProvider[]> {
  return Promise.all([
    world.start(controlPlaneProvider, 'k0smotron-control-plane'),
    world.start(bootstrapProvider(), 'k0smotron-bootstrap'),
    world.start(labProvider({ machines: statusOnlyMachines }), 'lab-provider'),
  ])
}

beforeAll(async () => {
  before = await startWorld({ kwok: true })
  await before.env.addNode('node-1')
  const running = await start(before)
  path = await beginPath(before, {
    name,
    controlPlane: {
      externalAddress: before.env.publishedAddress,
      service: { type: 'ClusterIP', apiPort: 30_461 },
      storage: { etcd: { autoDeletePVCs: true } },
    },
    infrastructure: { waitFor: 'ClusterEndpoint' },
  })
  hosted = await path.startHosted()
  await path.untilInitialized()
  machine = await path.untilMachine()
  await registerNode(before, hosted, machine)
  await before.quiet()
  await Promise.all(running.map(provider => provider.stop()))

  after = await startWorld({ kwok: true })
  await after.env.addNode('node-1')
  await start(after)
})

afterAll(async () => {
  await path?.[Symbol.asyncDispose]()
  await after?.[Symbol.asyncDispose]()
  await before?.[Symbol.asyncDispose]()
})

const run = (world: Management, heading: string): Promise<string> =>
  follow({
    page: 'docs/restore.md',
    heading,
    instead: { docker: 'lab', 'team-a': name },
    env: { NAMESPACE: name },
    folder: join(before.env.dir, 'backup'),
    world,
  })

async function secretsIn({ client }: Management): Promise<Readonly<Record<string, unknown>>> {
  const { items } = await client.list(secrets, { namespace: name })
  return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data]))
}

const mortal = async (world: Management) =>
  (await listed(world, name, all)).filter(one => one !== 'ConfigMap kube-root-ca.crt')

it('brings everything back as it was, and nothing is made twice', async () => {
  await run(before, 'Taking one')
  const known = { names: await mortal(before), secrets: await secretsIn(before) }
  const mark = await after.env.auditLog.mark()
  await run(after, 'Restoring')

  const found = await after.until(
    machines,
    { namespace: name, name: machine.metadata.name ?? '' },
    ({ status }) => status?.nodeRef !== undefined,
  )
  expect(found.spec).toEqual(machine.spec)
  await after.quiet()
  expect(await mortal(after)).toEqual(known.names)
  expect(await secretsIn(after)).toEqual(known.secrets)
  const sets = (await after.client.list(statefulSets, { namespace: name })).items
  expect(sets.map(({ metadata }) => metadata.generation)).toEqual([1, 1])
  for (const type of [secrets, ...parts]) {
    const { items } = await after.client.list(type, { namespace: name })
    const ownerless = items.filter(({ metadata }) => !metadata.ownerReferences && metadata.name !== 'kube-root-ca.crt')
    expect(ownerless).toEqual([])
  }
  const requests = (await after.env.auditLog.since(mark)).filter(entry => accounts.some(account => by(account)(entry)))
  expect(requests.filter(({ verb, resource }) => verb === 'create' && resource === 'secrets')).toEqual([])
})

it('goes as a whole, what was restored with it', async () => {
  await after.client.delete(clusters, key)
  await after.untilGone(clusters, key)
  await expect.poll(() => mortal(after)).toEqual([])
})

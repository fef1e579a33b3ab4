// The commands of docs/restore.md, from one management cluster into another, with Cluster API core and a worker — shell
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { clusters, k0smotronControlPlane, k0sWorkerConfig, type Machine, machines } from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import { blocksOf, scriptOf } from '@k0smotron-ts/hack/docs'
import { execFile } from '@k0smotron-ts/hack/programs'
import { clientOf, type HostedControlPlane, type Management, type RunningProvider } from '@k0smotron-ts/hack/testenv'
import { binaries } from '@k0smotron-ts/hack/tools'
import {
  configMaps,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labMachine, labProvider, statusOnlyMachines } from '../../lab-provider/index.ts'
import { beginPath, type Path } from './path.ts'
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
let searchPath: string

function start(world: Management): Promise<readonly RunningProvider[]> {
  return Promise.all([
    world.start(controlPlaneProvider, 'k0smotron-control-plane'),
    world.start(bootstrapProvider(), 'k0smotron-bootstrap'),
    world.start(labProvider({ machines: statusOnlyMachines }), 'lab-provider'),
  ])
}

beforeAll(async () => {
  const { kubectl } = await binaries(['kubectl'])
  searchPath = [dirname(kubectl), process.env.PATH].join(':')
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
  await joined(before)
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

/** As k0s on the machine would; core finds the node by its provider ID. */
async function joined(world: Management): Promise<void> {
  const workload = clientOf(hosted.connection)
  const node = machine.metadata.name ?? ''
  const labels = { 'k0smotron.io/machine-name': node }
  await workload.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: node, labels } })
  await world.until(machines, { namespace: name, name: node }, ({ status }) => status?.nodeRef !== undefined)
  await workload.close()
}

/** The commands under a heading of the page, for the lab's infrastructure and this namespace. */
async function commandsUnder(heading: string): Promise<string> {
  const source = 'docs/restore.md'
  const page = await readFile(join(import.meta.dirname, '..', '..', '..', source), 'utf8')
  const blocks = blocksOf(page).filter(block => block.heading === heading)
  if (blocks.length === 0) throw new Error(`${source} has no command under ${heading}`)
  const here = blocks.map(({ instead: _, ...block }) => block)
  return scriptOf(source, here).replaceAll('docker', 'lab').replace('team-a', name)
}

async function runIn(world: Management, script: string): Promise<void> {
  const cwd = join(before.env.dir, 'backup')
  await mkdir(cwd, { recursive: true })
  const env = { PATH: searchPath, HOME: cwd, KUBECONFIG: world.env.kubeconfig, NAMESPACE: name }
  await promisify(execFile)('bash', ['-c', script], { cwd, env })
}

async function secretsIn({ client }: Management): Promise<Readonly<Record<string, unknown>>> {
  const { items } = await client.list(secrets, { namespace: name })
  return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, data]))
}

const mortal = async (world: Management) =>
  (await listed(world, name, all)).filter(one => one !== 'ConfigMap kube-root-ca.crt')

it('brings everything back as it was, and nothing is made twice', async () => {
  await runIn(before, await commandsUnder('Taking one'))
  const known = { names: await mortal(before), secrets: await secretsIn(before) }
  const mark = await after.env.auditLog.mark()
  await runIn(after, await commandsUnder('Restoring'))

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

// Writes the objects of this release's clusters, for releases to come: node e2e/test/released/main.ts v0.1.0 — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  joinTokenRequest,
  type K0sWorkerConfig,
  type KubeObject,
  k0smotronCluster,
  k0smotronControlPlane,
  k0sWorkerConfig,
  machines,
} from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type Connection,
  clientOf,
  type HostedControlPlane,
  install,
  type Management,
  startHostedControlPlane,
} from '@k0smotron-ts/hack/testenv'
import { configMaps, statefulSets } from '@k0smotron-ts/runtime'
import { loadAll } from 'js-yaml'
import { machineDeployments, machinePoolType, make, type Plain } from '../../harness/objects.ts'
import { labProvider, statusOnlyMachines } from '../../lab-provider/index.ts'
import { registerNode } from '../integration/path.ts'
import { startWorld } from '../integration/world.ts'
import { answering, answeringObjects, bare, given, standalone, token, tunedMachine, tunedObjects } from './clusters.ts'
import { writeSet } from './set.ts'

const [release = ''] = process.argv.slice(2)
if (!/^v\d+\.\d+\.\d+$/.test(release)) throw new Error('usage: node e2e/test/released/main.ts v0.1.0')

await using world = await startWorld({ kwok: true })
await world.env.addNode('node-1')
const { client, env } = world
const running = await Promise.all([
  world.start(controlPlaneProvider, 'k0smotron-control-plane'),
  world.start(bootstrapProvider(), 'k0smotron-bootstrap'),
  world.start(labProvider({ machines: statusOnlyMachines }), 'lab-provider'),
])
const namespaces = [answering.name, 'bare', 'sample', 'standalone', 'tuned'] as const
for (const name of namespaces) await makeNamespace(name)

await make(client, 'tuned', tunedObjects('tuned'))
await client.create(k0smotronCluster, within('bare', bare))
await make(client, 'sample', await sampleObjects('hosted-cluster.yaml'))
await make(client, answering.name, answeringObjects())
await client.create(k0smotronCluster, within('standalone', standalone))
await client.create(joinTokenRequest, within('standalone', token))
const answeringOnes = {
  [answering.name]: (await answers(world)).connection,
  standalone: (await givesTokens(world)).connection,
}
await untilFormed(world)
await world.quiet()
await Promise.all(running.map(provider => provider.stop()))
await using opened = new AsyncDisposableStack()
const origins = namespaces.map(namespace => {
  const connection = (answeringOnes as Readonly<Record<string, Connection>>)[namespace]
  return { namespace, management: client, ...(connection && { workload: opened.use(clientOf(connection)) }) }
})
await writeSet(release, origins)
console.log(`e2e/test/released/${release} is written`)

function within<T extends KubeObject>(namespace: string, object: T): T {
  return { ...object, metadata: { ...object.metadata, namespace } }
}

async function makeNamespace(name: string): Promise<void> {
  await install(client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
  await client.create(configMaps, within(name, given))
}

/** One worker whose node has joined, and others whose nodes have not. */
async function answers({ until }: Management): Promise<HostedControlPlane> {
  const { name, machine, pool } = answering
  const key = { namespace: name, name }
  await until(k0smotronControlPlane, key, ({ status }) => status?.readyReplicas === 1)
  const started = await startHostedControlPlane({ env, namespace: name, cluster: name })
  await until(machineDeployments, key, ({ status }) => status?.replicas === 1)
  const [joining] = (await client.list(machines, { namespace: name })).items
  const node = joining?.metadata.name ?? ''
  await until(machines, { namespace: name, name: node }, ({ spec }) => spec.providerID !== undefined)
  await make(client, name, tunedMachine())
  await registerNode(world, started, { metadata: { name: node, namespace: name } })
  await until(machines, { namespace: name, name: machine }, ({ spec }) => spec.providerID !== undefined)
  const hasMachines = ({ status, spec = {} }: Plain): boolean => status?.replicas === 2 && 'providerIDList' in spec
  await until(machinePoolType, { namespace: name, name: pool }, hasMachines)
  for (const config of [node, machine, pool]) {
    const hasData = ({ status }: K0sWorkerConfig): boolean => status?.dataSecretName !== undefined
    await until(k0sWorkerConfig, { namespace: name, name: config }, hasData)
  }
  return started
}

async function givesTokens({ until }: Management): Promise<HostedControlPlane> {
  const key = { namespace: 'standalone', name: 'standalone' }
  await until(k0smotronCluster, key, ({ status }) => status?.readyReplicas === 1)
  const started = await startHostedControlPlane({ env, namespace: 'standalone', cluster: 'standalone' })
  const request = { namespace: 'standalone', name: 'worker' }
  await until(joinTokenRequest, request, ({ status }) => status?.tokenID !== undefined)
  return started
}

async function untilFormed({ until }: Management): Promise<void> {
  const sets = { bare: 'bare', sample: 'hosted', tuned: 'tuned' }
  for (const [namespace, name] of Object.entries(sets)) {
    await until(
      statefulSets,
      { namespace, name: `kmc-${name}` },
      ({ spec, status }) => status?.readyReplicas === spec?.replicas,
    )
  }
}

async function sampleObjects(file: string): Promise<readonly Plain[]> {
  const path = join(import.meta.dirname, '..', '..', '..', 'config', 'samples', file)
  return loadAll(await readFile(path, 'utf8')) as Plain[]
}

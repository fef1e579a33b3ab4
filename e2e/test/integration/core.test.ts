// The whole path under Cluster API core: from one applied file to a node that core has found — shell
import {
  type Cluster,
  clusters,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
  type Machine,
  machines,
  type ResourceType,
} from '@k0smotron-ts/api'
import { bootstrapProvider } from '@k0smotron-ts/bootstrap'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type AuditEntry,
  clientOf,
  type HostedControlPlane,
  isWrite,
  type Management,
  type RunningProvider,
} from '@k0smotron-ts/hack/testenv'
import {
  configMaps,
  networkPolicies,
  nodes,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
  statefulSets,
} from '@k0smotron-ts/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { machineDeployments, machinePoolType, machineSets, make, type Plain, version } from '../../harness/objects.ts'
import {
  labCluster,
  labMachine,
  labMachinePool,
  labMachineTemplate,
  labProvider,
  statusOnlyMachines,
} from '../../lab-provider/index.ts'
import { type ClusterOrder, poolObjects } from './cluster.ts'
import { beginPath, type Path, registerNode } from './path.ts'
import { by, listed, startWorld } from './world.ts'

const providers = [
  [controlPlaneProvider, 'k0smotron-control-plane'],
  [bootstrapProvider(), 'k0smotron-bootstrap'],
  [labProvider({ machines: statusOnlyMachines }), 'lab-provider'],
] as const
const isByOurs = (entry: AuditEntry): boolean => providers.some(([, account]) => by(account)(entry))

let world: Management
let running: readonly RunningProvider[] = []

async function start(): Promise<void> {
  running = await Promise.all(providers.map(([provider, account]) => world.start(provider, account)))
}

async function stop(): Promise<void> {
  await Promise.all(running.map(provider => provider.stop()))
}

beforeAll(async () => {
  world = await startWorld({ kwok: true })
  await world.env.addNode('node-1')
  await start()
})

afterAll(async () => {
  await stop()
  await world[Symbol.asyncDispose]()
})

const storage = { etcd: { autoDeletePVCs: true } }

interface Order {
  readonly title: string
  /** Whether our object says where the API server is; else it takes what the infrastructure says. */
  readonly isOurs: boolean
  /** Whether the infrastructure waits for us; core looks for the kubeconfig as soon as it is provisioned. */
  readonly isWaitedFor: boolean
  readonly orderAt: (host: string, port: number) => Omit<ClusterOrder, 'name'>
}

/** Who has the endpoint first. */
const orders: readonly Order[] = [
  {
    title: 'with infrastructure that waits for the endpoint of the Cluster',
    isOurs: true,
    isWaitedFor: true,
    orderAt: (externalAddress, apiPort) => ({
      controlPlane: { externalAddress, service: { type: 'ClusterIP', apiPort }, storage },
      infrastructure: { waitFor: 'ClusterEndpoint' },
    }),
  },
  {
    title: 'with infrastructure that waits until it is told an endpoint',
    isOurs: true,
    isWaitedFor: true,
    orderAt: (externalAddress, apiPort) => ({
      controlPlane: { externalAddress, service: { type: 'ClusterIP', apiPort }, storage },
      infrastructure: { waitFor: 'OwnEndpoint' },
    }),
  },
  {
    title: 'with infrastructure that comes first and brings an endpoint',
    isOurs: false,
    isWaitedFor: false,
    orderAt: (host, port) => ({
      controlPlane: { storage },
      infrastructure: { controlPlaneEndpoint: { host, port } },
    }),
  },
  {
    title: 'without infrastructure',
    isOurs: true,
    isWaitedFor: false,
    orderAt: (externalAddress, apiPort) => ({
      controlPlane: { externalAddress, service: { type: 'ClusterIP', apiPort }, storage },
    }),
  },
]

describe.each(orders.map((order, index) => ({ ...order, index })))(
  'a cluster $title',
  ({ isOurs, isWaitedFor, orderAt, index }) => {
    const name = `path-${index}`
    const port = 30_443 + index
    let path: Path
    let hosted: HostedControlPlane
    let cluster: Cluster
    let machine: Machine

    beforeAll(async () => {
      path = await beginPath(world, { name, ...orderAt(world.env.publishedAddress, port) })
      hosted = await path.startHosted()
      cluster = await path.untilInitialized()
      machine = await path.untilMachine()
    })

    afterAll(() => path?.[Symbol.asyncDispose]())

    it('has the endpoint at which it is published, and its version from the moment when it is initialized', async () => {
      const { object } = await path.chronicle.first(
        k0smotronControlPlane,
        name,
        ({ status }) => status?.initialization?.controlPlaneInitialized === true,
      )
      expect(object.status).toMatchObject({ version, versions: [{ version, replicas: 1 }] })
      const endpoint = { host: world.env.publishedAddress, port }
      expect(cluster.spec?.controlPlaneEndpoint).toEqual(endpoint)
      expect(object.spec.controlPlaneEndpoint).toEqual(isOurs ? endpoint : undefined)
      expect(hosted.connection.server).toBe(`https://${endpoint.host}:${port}`)
    })

    it('has its kubeconfig before core looks for it', async () => {
      const kubeconfig = await path.chronicle.first(secrets, `${name}-kubeconfig`, () => true)
      const initialized = await path.chronicle.first(
        clusters,
        name,
        ({ status }) => status?.initialization?.controlPlaneInitialized === true,
      )
      expect(kubeconfig.at).toBeLessThan(initialized.at)
    })

    it('has Secrets with its label only, the data of its Machine among them', async () => {
      const { items } = await world.client.list(secrets, { namespace: name })
      const labelled = items.filter(({ metadata }) => metadata.labels?.['cluster.x-k8s.io/cluster-name'] === name)
      expect(labelled).toEqual(items)
      const data = items.find(({ metadata }) => metadata.name === machine.spec.bootstrap?.dataSecretName)
      expect(Buffer.from(data?.data?.value ?? '', 'base64').toString()).toContain('k0s')
    })

    if (isWaitedFor) {
      it('has its kubeconfig before the infrastructure, so that core never misses it', async () => {
        const kubeconfig = await path.chronicle.first(secrets, `${name}-kubeconfig`, () => true)
        const provisioned = await path.chronicle.first(
          clusters,
          name,
          ({ status }) => status?.initialization?.infrastructureProvisioned === true,
        )
        expect(kubeconfig.at).toBeLessThan(provisioned.at)
        await joined()
        expect(await path.missedKubeconfigs()).toBe(0)
      })

      it('has a pool of machines, too', async () => {
        await make(world.client, name, poolObjects(name, 'pool', 2))
        const isThere = ({ spec, status }: Plain): boolean => status?.replicas === 2 && 'providerIDList' in (spec ?? {})
        const pool = await world.until(machinePoolType, { namespace: name, name: 'pool' }, isThere)
        expect(pool.spec).toMatchObject({ providerIDList: [`lab://${name}/pool/0`, `lab://${name}/pool/1`] })
        expect(await listed(world, name, [secrets])).toContain('Secret pool')
      })
    }

    async function joined(): Promise<void> {
      const node = machine.metadata.name ?? ''
      const found = await registerNode(world, hosted, machine)
      expect(found.status?.nodeRef?.name).toBe(node)
      const workload = clientOf(hosted.connection)
      expect((await workload.get(nodes, { name: node }))?.spec?.providerID).toBe(machine.spec.providerID)
      await workload.close()
    }

    it('is left alone when it is there, also by providers that start again', async () => {
      await world.quiet()
      const mark = await world.env.auditLog.mark()
      await stop()
      await start()
      await world.quiet()
      const writes = (await world.env.auditLog.since(mark)).filter(entry => isByOurs(entry) && isWrite(entry))
      expect(writes).toEqual([])
    })

    it('goes as a whole', async () => {
      await world.client.delete(clusters, path.key)
      await world.untilGone(clusters, path.key)
      // kube-controller-manager collects the rest, one kind after the other
      for (const type of everything) {
        const { items } = await world.client.list(type, { namespace: name })
        const mortal = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
        for (const { metadata } of mortal) await world.untilGone(type, { namespace: name, name: metadata.name ?? '' })
      }
      expect(await listed(world, name, everything)).toEqual(['ConfigMap kube-root-ca.crt'])
    })
  },
)

const volumeClaims: ResourceType = {
  group: '',
  version: 'v1',
  namespaced: true,
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
}

const everything: readonly ResourceType[] = [
  [clusters, machines, machineSets, machineDeployments, machinePoolType],
  [labCluster, labMachine, labMachinePool, labMachineTemplate],
  [k0smotronControlPlane, k0sWorkerConfig, k0sWorkerConfigTemplate],
  [secrets, services, statefulSets, configMaps, pods, volumeClaims],
  [networkPolicies, podDisruptionBudgets],
].flat()

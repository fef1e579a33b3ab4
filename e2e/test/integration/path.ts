// One cluster's way under Cluster API core, and what is looked at along it — shell
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Cluster,
  clusters,
  k0smotronControlPlane,
  type Machine,
  machines,
  type ObjectKey,
} from '@k0smotron-ts/api'
import {
  clientOf,
  type HostedControlPlane,
  install,
  type Management,
  startHostedControlPlane,
} from '@k0smotron-ts/hack/testenv'
import { nodes, secrets } from '@k0smotron-ts/runtime'
import { machineDeployments, make } from '../../harness/objects.ts'
import { type Chronicle, openChronicle } from './chronicle.ts'
import { type ClusterOrder, clusterObjects } from './cluster.ts'

/** A cluster in a namespace of its own, of the same name. */
export interface Path extends AsyncDisposable {
  readonly key: ObjectKey & { readonly namespace: string }
  readonly chronicle: Chronicle
  /** Plays the API server of the pods as soon as they are ready. */
  startHosted(): Promise<HostedControlPlane>
  /** The Cluster once core knows that its control plane and its infrastructure are there. */
  untilInitialized(): Promise<Cluster>
  /** The Machine of the MachineDeployment, with bootstrap data and a provider ID. */
  untilMachine(): Promise<Machine>
  /** How often core looked for the kubeconfig in vain until it connected; after each time it waits for 30 s. */
  missedKubeconfigs(): Promise<number>
}

/** Applies all objects of the cluster at once. */
export async function beginPath(world: Management, order: ClusterOrder): Promise<Path> {
  const { name } = order
  const { client, env, until } = world
  const key = { namespace: name, name }
  await install(client, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }])
  await using started = new AsyncDisposableStack()
  const chronicle = started.use(await openChronicle(client, name, [clusters, k0smotronControlPlane, secrets]))
  await make(client, name, clusterObjects(order))
  const all = started.move()
  return {
    key,
    chronicle,
    async startHosted() {
      await until(k0smotronControlPlane, key, ({ status }) => status?.readyReplicas === 1)
      return all.use(await startHostedControlPlane({ env, namespace: name, cluster: name }))
    },
    untilInitialized: () =>
      until(clusters, key, ({ status }) => {
        const { controlPlaneInitialized, infrastructureProvisioned } = status?.initialization ?? {}
        return controlPlaneInitialized === true && infrastructureProvisioned === true
      }),
    async untilMachine() {
      await until(machineDeployments, key, ({ status }) => status?.replicas === 1)
      const { items } = await client.list(machines, { namespace: name })
      return until(machines, { namespace: name, name: items[0]?.metadata.name ?? '' }, ({ spec }) =>
        Boolean(spec.bootstrap?.dataSecretName && spec.providerID),
      )
    },
    async missedKubeconfigs() {
      const log = await readFile(join(env.dir, 'cluster-api-manager.log'), 'utf8')
      const lines = log.split('\n').filter(line => line.includes(`Cluster="${name}/${name}"`))
      if (!lines.some(line => line.includes('"Connected"'))) throw new Error('core has not connected yet')
      return lines.filter(line => line.includes('"Connect failed"') && line.includes('not found')).length
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** As k0s on the machine would; the Machine once it has its node, which core finds by its provider ID: that is ours to give. */
export async function registerNode(
  { until }: Pick<Management, 'until'>,
  { connection }: Pick<HostedControlPlane, 'connection'>,
  { metadata: { name = '', namespace = '' } }: Pick<Machine, 'metadata'>,
): Promise<Machine> {
  await using workload = clientOf(connection)
  const labels = { 'k0smotron.io/machine-name': name }
  await workload.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } })
  return until(machines, { namespace, name }, ({ status }) => status?.nodeRef !== undefined)
}

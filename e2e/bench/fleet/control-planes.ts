// Control planes by the hundred, as a user and Cluster API core make them — shell
import {
  type Cluster,
  clusters,
  type K0smotronControlPlane,
  k0smotronCluster,
  k0smotronControlPlane,
} from '@k0smotron-ts/api'
import { type Client, nodes } from '@k0smotron-ts/runtime'
import { inParallel } from '../measure/in-parallel.ts'

export const namespace = 'default'
export const version = 'v1.36.3+k0s.1'

/** Enough to keep the API server busy, not so many that it makes them queue. */
const parallel = 16

/** What a fleet consists of. */
export interface Kind {
  readonly usesClusterApi: boolean
  /** What comes before the control planes; gives how they are made. */
  readonly before: (client: Client, names: readonly string[]) => Promise<() => Promise<void>>
  /** The Service that is for clients, among the objects of objects.json. */
  readonly service: string
}

export const ofClusterApi: Kind = {
  usesClusterApi: true,
  service: 'Service kmc-<cluster>',
  async before(client, names) {
    const owners = await makeClusters(client, names)
    return () => makeControlPlanes(client, owners)
  },
}

/** As the README has it: nothing is said, not even a version. */
export const withEmptySpec: Kind = {
  usesClusterApi: false,
  service: 'Service kmc-<cluster>-nodeport',
  async before(client, names) {
    const addresses = [{ type: 'InternalIP', address: '192.0.2.1' }] // NodePorts are reached there
    await client.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' }, status: { addresses } })
    return () => inParallel(names, parallel, name => makeEmpty(client, name))
  },
}

async function makeEmpty(client: Client, name: string): Promise<void> {
  const metadata = { name, namespace }
  await client.create(k0smotronCluster, { apiVersion: 'k0smotron.io/v1beta2', kind: 'Cluster', metadata, spec: {} })
}

/** The Clusters alone: what owns a control plane is there before it. */
export async function makeClusters(client: Client, names: readonly string[]): Promise<readonly Cluster[]> {
  const made: Cluster[] = []
  await inParallel(names, parallel, async name => made.push(await makeCluster(client, name)))
  return made
}

export function makeCluster(client: Client, name: string): Promise<Cluster> {
  const { group, kind } = k0smotronControlPlane
  return client.create(clusters, {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name, namespace },
    spec: { controlPlaneRef: { apiGroup: group, kind, name } },
  })
}

export function makeControlPlanes(client: Client, owners: readonly Cluster[]): Promise<void> {
  return inParallel(owners, parallel, owner => makeControlPlane(client, owner))
}

export function makeControlPlane(client: Client, owner: Cluster, spec: object = {}): Promise<K0smotronControlPlane> {
  const { name = '', uid = '' } = owner.metadata
  return client.create(k0smotronControlPlane, {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'K0smotronControlPlane',
    metadata: {
      name,
      namespace,
      labels: { 'cluster.x-k8s.io/cluster-name': name },
      ownerReferences: [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', name, uid }],
    },
    spec: { version, ...spec } as K0smotronControlPlane['spec'],
  })
}

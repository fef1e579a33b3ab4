// What the tests of the control plane provider need of the world — shell
import { type Cluster, clusters, type K0smotronControlPlane, k0smotronControlPlane } from '@k0smotron-ts/api'
import { controlPlaneProvider } from '@k0smotron-ts/controlplane'
import {
  type Management,
  type ManagementOptions,
  type RunningProvider,
  type StartOptions,
  startManagement,
} from '@k0smotron-ts/hack/testenv'
import { type Event, events } from '@k0smotron-ts/runtime'

export const namespace = 'default'

/** The provider under its own RBAC; it reaches workload APIs at their endpoints, being outside of the cluster. */
export function startControlPlane(world: Management, options: StartOptions = {}): Promise<RunningProvider> {
  return world.start(controlPlaneProvider, 'k0smotron-control-plane', options)
}

/** A management cluster with a node whose pods get ready at once, and the provider; it ends before the cluster does. */
export async function startWorld(options: ManagementOptions = {}): Promise<Management> {
  const world = await startManagement({ kwok: true, clusterApiKinds: true, ...options })
  await world.env.addNode('node-1')
  const { stop } = await startControlPlane(world)
  return {
    ...world,
    async [Symbol.asyncDispose]() {
      await stop()
      await world[Symbol.asyncDispose]()
    },
  }
}

export interface Made {
  readonly cluster: Cluster
  readonly controlPlane: K0smotronControlPlane
}

interface Placement {
  /** Of the Cluster's spec. */
  readonly cluster?: object
  readonly where?: string
  /** Of the control plane. */
  readonly annotations?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
}

/** A Cluster and its control plane, as Cluster API core leaves them: label and owner are set. */
export async function makeControlPlane(
  world: Management,
  name: string,
  spec: object,
  { cluster = {}, where = namespace, annotations, labels }: Placement = {},
): Promise<Made> {
  const made = await world.client.create(clusters, {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name, namespace: where },
    spec: {
      controlPlaneRef: { apiGroup: k0smotronControlPlane.group, kind: k0smotronControlPlane.kind, name },
      ...cluster,
    },
  })
  const { metadata, ...rest } = controlPlaneOf(made, spec)
  const marks = { labels: { ...labels, ...metadata.labels }, ...(annotations && { annotations }) }
  const controlPlane = { ...rest, metadata: { ...metadata, ...marks } }
  return { cluster: made, controlPlane: await world.client.create(k0smotronControlPlane, controlPlane) }
}

export function controlPlaneOf({ metadata }: Cluster, spec: object): K0smotronControlPlane {
  const { name = '', uid = '', namespace: where = '' } = metadata
  return {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'K0smotronControlPlane',
    metadata: {
      name,
      namespace: where,
      labels: { 'cluster.x-k8s.io/cluster-name': name },
      ownerReferences: [{ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', name, uid }],
    },
    spec: spec as K0smotronControlPlane['spec'],
  }
}

/** What Events said about a control plane. */
export async function eventsOf(world: Management, name: string): Promise<readonly Event[]> {
  const { items } = await world.client.list(events, { namespace, fieldSelector: `involvedObject.name=${name}` })
  return items.filter(({ involvedObject }) => involvedObject?.kind === k0smotronControlPlane.kind)
}

/** `True` / `False` / `Unknown` and the reason, as one text. */
export function conditionOf({ status }: K0smotronControlPlane, type: string): string {
  const condition = status?.conditions?.find(one => one.type === type)
  return condition ? `${condition.status} ${condition.reason}` : 'absent'
}

export function messageOf({ status }: K0smotronControlPlane, type: string): string {
  return status?.conditions?.find(one => one.type === type)?.message ?? ''
}

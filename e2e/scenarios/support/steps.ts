// The steps of a cluster with one worker, each by the state that shows it — shell
import {
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  namesOf,
  type ObjectKey,
  type ResourceType,
} from '@k0smotron-ts/api'
import { until } from '@k0smotron-ts/hack/testenv'
import { type Client, configMaps, nodes, secrets, services, statefulSets } from '@k0smotron-ts/runtime'
import { patienceMs, untilCount } from '../../harness/cluster.ts'

/** A cluster that comes to be. */
export interface Coming {
  readonly cluster: ObjectKey
  /** As admin of the management cluster. */
  readonly management: Client
  /** As admin of the hosted cluster, once it answers. */
  readonly hosted: () => Promise<Client>
}

export interface Step {
  readonly name: string
  /** Resolves when it has happened. */
  reached(coming: Coming): Promise<unknown>
}

/** In the order in which they happen when nobody disturbs. */
export const steps: readonly Step[] = [
  {
    name: 'the control plane has its finalizer',
    reached: coming => onControlPlane(coming, ({ metadata }) => (metadata.finalizers ?? []).length > 0),
  },
  { name: 'the first authority is made', reached: coming => beside(coming, secrets, names => names.ca) },
  { name: 'the last certificate is made', reached: coming => beside(coming, secrets, names => names.etcdPeer) },
  { name: 'the Service is made', reached: coming => beside(coming, services, names => names.service.NodePort) },
  {
    name: 'the endpoint is published',
    reached: coming => onControlPlane(coming, ({ spec }) => spec.controlPlaneEndpoint !== undefined),
  },
  { name: 'the configuration is stored', reached: coming => beside(coming, configMaps, names => names.config) },
  { name: 'the pods are ordered', reached: coming => beside(coming, statefulSets, names => names.statefulSet) },
  { name: 'the kubeconfig is made', reached: coming => beside(coming, secrets, names => names.kubeconfig) },
  {
    name: 'the datastore is ready',
    reached: coming =>
      beside(
        coming,
        statefulSets,
        names => names.etcd,
        ({ status }) => status?.readyReplicas === 1,
      ),
  },
  {
    name: 'the control plane is ready',
    reached: coming =>
      beside(
        coming,
        statefulSets,
        names => names.statefulSet,
        ({ status }) => status?.readyReplicas === 1,
      ),
  },
  {
    name: 'the control plane is initialized',
    reached: coming => onControlPlane(coming, ({ status }) => status?.initialization?.controlPlaneInitialized === true),
  },
  { name: 'the worker has its config', reached: configOf },
  { name: 'the join token is made', reached: coming => secretOfConfig(coming, '-join-token') },
  { name: 'the hosted cluster knows the token', reached: untilTokenKnown },
  { name: 'the bootstrap data is stored', reached: coming => secretOfConfig(coming, '') },
  {
    name: 'the bootstrap data is announced',
    reached: async coming =>
      seen(
        coming.management,
        k0sWorkerConfig,
        await configOf(coming),
        ({ status }) => status?.dataSecretName !== undefined,
      ),
  },
  { name: 'the node has registered', reached: coming => onNode(coming, () => true) },
  {
    name: 'the node has its provider ID',
    reached: coming => onNode(coming, ({ spec }) => spec?.providerID !== undefined),
  },
]

type Holds<T> = (object: T) => boolean

function seen<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  key: ObjectKey,
  holds: Holds<T>,
): Promise<T> {
  return until(client, { type, key, patienceMs }, object => object !== undefined && holds(object))
}

type Of<Type> = Type extends ResourceType<infer T> ? T : never

function onControlPlane(
  { management, cluster }: Coming,
  holds: Holds<Of<typeof k0smotronControlPlane>>,
): Promise<unknown> {
  return seen(management, k0smotronControlPlane, cluster, holds)
}

/** An object of the management cluster whose name follows from the Cluster's. */
function beside<T extends KubeObject>(
  { management, cluster }: Coming,
  type: ResourceType<T>,
  nameOf: (names: ReturnType<typeof namesOf>) => string,
  holds: Holds<T> = () => true,
): Promise<T> {
  return seen(management, type, { ...cluster, name: nameOf(namesOf(cluster.name)) }, holds)
}

/** There is one worker. */
async function configOf({ management, cluster }: Coming): Promise<ObjectKey> {
  const [config] = await untilCount(management, k0sWorkerConfig, { cluster, count: 1 })
  return { ...cluster, name: config?.metadata.name ?? '' }
}

async function secretOfConfig(coming: Coming, suffix: string): Promise<unknown> {
  const { name, ...rest } = await configOf(coming)
  return seen(coming.management, secrets, { ...rest, name: `${name}${suffix}` }, () => true)
}

async function untilTokenKnown(coming: Coming): Promise<unknown> {
  const { name, ...rest } = await configOf(coming)
  const own = await seen(coming.management, secrets, { ...rest, name: `${name}-join-token` }, () => true)
  const id = Buffer.from(own.data?.['token-id'] ?? '', 'base64').toString()
  return seen(await coming.hosted(), secrets, { namespace: 'kube-system', name: `bootstrap-token-${id}` }, () => true)
}

/** The node has the name of its Machine, and that has the name of its config. */
async function onNode(coming: Coming, holds: Holds<Of<typeof nodes>>): Promise<unknown> {
  const { name } = await configOf(coming)
  return seen(await coming.hosted(), nodes, { name }, holds)
}

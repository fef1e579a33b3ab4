// Where the states of a cluster that comes to be can be seen — shell
import {
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  namesOf,
  type ObjectKey,
  type ResourceType,
} from '@k0smotron-ts/api'
import { untilAll } from '@k0smotron-ts/hack/testenv'
import { type Client, type KubeSecret, type Node, nodes, type StatefulSet, secrets } from '@k0smotron-ts/runtime'
import { patienceMs } from '../../harness/cluster.ts'

/** A cluster that comes to be. */
export interface Coming {
  readonly cluster: ObjectKey
  /** As admin of the management cluster. */
  readonly management: Client
  /** As admin of the workload cluster, once it answers. */
  readonly workload: () => Promise<Client>
}

/** Which object shows that something has happened. */
export interface Sight<T extends KubeObject> {
  readonly where: 'management' | 'workload'
  readonly type: ResourceType<T>
  /** Of the objects in the cluster's namespace; in the workload cluster, of those in kube-system, or in no namespace. */
  readonly shows: (object: T, cluster: ObjectKey) => boolean
}

/** Resolves when there is such an object. */
export async function seen<T extends KubeObject>(sight: Sight<T>, coming: Coming): Promise<void> {
  const { client, type, namespace } = await placeOf(sight, coming)
  const shows = (object: T): boolean => sight.shows(object, coming.cluster)
  const { isSo } = await untilAll(client, { type, ...namespace, patienceMs }, objects => objects.some(shows))
  if (!isSo) throw new Error(`No ${type.kind} of ${coming.cluster.name} got there`)
}

/** Whether there is such an object now. */
export async function isSeen<T extends KubeObject>(sight: Sight<T>, coming: Coming): Promise<boolean> {
  const { client, type, namespace } = await placeOf(sight, coming)
  return (await client.list(type, namespace)).items.some(object => sight.shows(object, coming.cluster))
}

async function placeOf<T extends KubeObject>({ where, type }: Sight<T>, { cluster, management, workload }: Coming) {
  const of = where === 'management' ? (cluster.namespace ?? '') : 'kube-system'
  return {
    client: where === 'management' ? management : await workload(),
    type,
    namespace: type.namespaced ? { namespace: of } : {},
  }
}

/** Whether this object, which somebody wants to write, would show it. */
export function wouldShow<T extends KubeObject>(sight: Sight<T>, object: KubeObject, cluster: ObjectKey): boolean {
  const { group, version, kind } = sight.type
  const apiVersion = group === '' ? version : `${group}/${version}`
  return object.kind === kind && object.apiVersion === apiVersion && sight.shows(object as T, cluster)
}

export function exists(): boolean {
  return true
}

export function isUp({ status }: StatefulSet): boolean {
  return status?.readyReplicas === 1
}

type Of<Type> = Type extends ResourceType<infer T> ? T : never
type ControlPlane = Of<typeof k0smotronControlPlane>
type Config = Of<typeof k0sWorkerConfig>

export function onControlPlane(holds: (object: ControlPlane) => boolean): Sight<ControlPlane> {
  const shows = (object: ControlPlane, { name }: ObjectKey): boolean => object.metadata.name === name && holds(object)
  return { where: 'management', type: k0smotronControlPlane, shows }
}

/** An object of the management cluster whose name follows from the Cluster's. */
export function beside<T extends KubeObject>(
  type: ResourceType<T>,
  nameOf: (names: ReturnType<typeof namesOf>) => string,
  holds: (object: T) => boolean = exists,
): Sight<T> {
  const shows = (object: T, { name }: ObjectKey): boolean =>
    object.metadata.name === nameOf(namesOf(name)) && holds(object)
  return { where: 'management', type, shows }
}

/** An object of the management cluster whose name begins with one that follows from the Cluster's. */
export function besideAs<T extends KubeObject>(
  type: ResourceType<T>,
  startOf: (names: ReturnType<typeof namesOf>) => string,
): Sight<T> {
  const shows = ({ metadata }: T, { name }: ObjectKey): boolean =>
    metadata.name?.startsWith(startOf(namesOf(name))) === true
  return { where: 'management', type, shows }
}

/** There is one worker. */
export function onConfig(holds: (object: Config) => boolean): Sight<Config> {
  return { where: 'management', type: k0sWorkerConfig, shows: holds }
}

/** A Secret of the worker's config. */
export function secretOfConfig(suffix: string): Sight<KubeSecret> {
  const shows = ({ metadata: { name, ownerReferences = [] } }: KubeSecret): boolean =>
    ownerReferences.some(owner => owner.kind === k0sWorkerConfig.kind && name === `${owner.name}${suffix}`)
  return { where: 'management', type: secrets, shows }
}

/** As the workload cluster has it. */
export const workloadToken: Sight<KubeSecret> = {
  where: 'workload',
  type: secrets,
  shows: ({ metadata }) => metadata.name?.startsWith('bootstrap-token-') ?? false,
}

/** There is one worker. */
export function onNode(holds: (object: Node) => boolean): Sight<Node> {
  return { where: 'workload', type: nodes, shows: holds }
}

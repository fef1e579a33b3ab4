// Where the states of a cluster that comes to be can be seen — shell
import {
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  namesOf,
  type ObjectKey,
  type ResourceType,
} from '@k0smotron-ts/api'
import { until } from '@k0smotron-ts/hack/testenv'
import { type Client, type KubeSecret, type Node, nodes, type StatefulSet, secrets } from '@k0smotron-ts/runtime'
import { patienceMs, untilCount } from '../../harness/cluster.ts'

/** A cluster that comes to be. */
export interface Coming {
  readonly cluster: ObjectKey
  /** As admin of the management cluster. */
  readonly management: Client
  /** As admin of the hosted cluster, once it answers. */
  readonly hosted: () => Promise<Client>
}

/** Where a step can be seen, and when it has happened. */
interface Sight<T extends KubeObject> {
  readonly client: Client
  readonly type: ResourceType<T>
  readonly key: ObjectKey
  readonly holds: (object: T) => boolean
}

export type Find<T extends KubeObject> = (coming: Coming) => Promise<Sight<T>>

export function seen<T extends KubeObject>({ client, type, key, holds }: Sight<T>): Promise<T> {
  return until(client, { type, key, patienceMs }, object => object !== undefined && holds(object))
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

export function onControlPlane(holds: (object: ControlPlane) => boolean): Find<ControlPlane> {
  return async ({ management, cluster }) => ({ client: management, type: k0smotronControlPlane, key: cluster, holds })
}

/** An object of the management cluster whose name follows from the Cluster's. */
export function beside<T extends KubeObject>(
  type: ResourceType<T>,
  nameOf: (names: ReturnType<typeof namesOf>) => string,
  holds: (object: T) => boolean = exists,
): Find<T> {
  return async ({ management, cluster }) => {
    const key = { ...cluster, name: nameOf(namesOf(cluster.name)) }
    return { client: management, type, key, holds }
  }
}

/** There is one worker. */
async function configOf({ management, cluster }: Coming): Promise<ObjectKey> {
  const [config] = await untilCount(management, k0sWorkerConfig, { cluster, count: 1 })
  return { ...cluster, name: config?.metadata.name ?? '' }
}

export function onConfig(holds: (object: Config) => boolean): Find<Config> {
  return async coming => ({
    client: coming.management,
    type: k0sWorkerConfig,
    key: await configOf(coming),
    holds,
  })
}

export function secretOfConfig(suffix: string): Find<KubeSecret> {
  return async coming => {
    const { name, ...rest } = await configOf(coming)
    const key = { ...rest, name: `${name}${suffix}` }
    return { client: coming.management, type: secrets, key, holds: exists }
  }
}

/** As the hosted cluster has it. */
export async function hostedToken(coming: Coming): Promise<Sight<KubeSecret>> {
  const own = await seen(await secretOfConfig('-join-token')(coming))
  const id = Buffer.from(own.data?.['token-id'] ?? '', 'base64').toString()
  const key = { namespace: 'kube-system', name: `bootstrap-token-${id}` }
  return { client: await coming.hosted(), type: secrets, key, holds: exists }
}

/** The node has the name of its Machine, and that has the name of its config. */
export function onNode(holds: (object: Node) => boolean): Find<Node> {
  return async coming => {
    const { name } = await configOf(coming)
    return { client: await coming.hosted(), type: nodes, key: { name }, holds }
  }
}

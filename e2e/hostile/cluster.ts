// A tenant with a cluster whose API server is his own — shell
import { clusters, type K0sWorkerConfig, k0sWorkerConfig, namesOf } from '@k0smotron-ts/api'
import { secrets } from '@k0smotron-ts/runtime'
import { make } from '../harness/objects.ts'
import { type Arena, initialize, makeMachine, makeNamespace } from './arena.ts'
import type { Behaviour } from './behaviours.ts'
import { cluster, clusterAt, clusterSecret, controlPlaneAt } from './objects.ts'
import { type HostileServer, hostileServer } from './server.ts'

export interface HostileCluster extends AsyncDisposable {
  readonly server: HostileServer
  /** His configs as they are now. */
  configs(): Promise<readonly K0sWorkerConfig[]>
}

/** As many as a manager has workers, and some more. */
export const machineCount = 8

/** In the namespace of that name; resolves when both managers have to do with the server. */
export async function beginHostileCluster(
  arena: Arena,
  namespace: string,
  behaviour: Behaviour,
): Promise<HostileCluster> {
  await using started = new AsyncDisposableStack()
  await makeNamespace(arena, namespace)
  const hostile = started.use(await makeHostileCluster(arena, namespace, { behaviour, machines: machineCount }))
  const { server } = hostile
  await Promise.all([server.untilAsked(/^(?!k0s-bootstrap)/), server.untilAsked(behaviour.attacks, 2)])
  started.move()
  return hostile
}

export interface Making {
  readonly behaviour: Behaviour
  readonly machines: number
  /** Its name; the one that all namespaces have unless given. */
  readonly name?: string
}

/** Resolves when it is there, with its machines; who is asked what comes later. */
export async function makeHostileCluster(
  { management }: Arena,
  namespace: string,
  { behaviour, machines, name = cluster }: Making,
): Promise<HostileCluster> {
  const { client, env } = management
  await using started = new AsyncDisposableStack()
  const server = started.use(await hostileServer(env.publishedAddress, behaviour))
  const endpoint = { host: env.publishedAddress, port: server.port }
  await make(client, namespace, [clusterSecret('ca', server.authority, name), clusterAt(endpoint, name)])
  const owner = await client.get(clusters, { namespace, name })
  if (!owner) throw new Error('the Cluster is gone')
  await make(client, namespace, [controlPlaneAt(endpoint, owner)])
  await management.until(secrets, { namespace, name: namesOf(name).kubeconfig }, () => true)
  await initialize(management, namespace, name)
  for (let nth = 0; nth < machines; nth++) await makeMachine(management, namespace, `${name}-m-${nth}`, { of: name })
  const running = started.move()
  return {
    server,
    configs: async () => (await client.list(k0sWorkerConfig, { namespace })).items,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

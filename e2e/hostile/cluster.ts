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
  const hostile = started.use(await makeHostileCluster(arena, namespace, behaviour, machineCount))
  const { server } = hostile
  await Promise.all([server.untilAsked(/^(?!k0s-bootstrap)/), server.untilAsked(behaviour.attacks, 2)])
  started.move()
  return hostile
}

/** Resolves when it is there, with so many machines; who is asked what comes later. */
export async function makeHostileCluster(
  arena: Arena,
  namespace: string,
  { answer }: Behaviour,
  machines: number,
): Promise<HostileCluster> {
  const { management } = arena
  const { client, env } = management
  await using started = new AsyncDisposableStack()
  const server = started.use(await hostileServer(env.publishedAddress, answer))
  const endpoint = { host: env.publishedAddress, port: server.port }
  await makeNamespace(arena, namespace)
  await make(client, namespace, [clusterSecret('ca', server.authority), clusterAt(endpoint)])
  const owner = await client.get(clusters, { namespace, name: cluster })
  if (!owner) throw new Error('the Cluster is gone')
  await make(client, namespace, [controlPlaneAt(endpoint, owner)])
  await management.until(secrets, { namespace, name: namesOf(cluster).kubeconfig }, () => true)
  await initialize(management, namespace)
  for (let nth = 0; nth < machines; nth++) await makeMachine(management, namespace, `m-${nth}`)
  const running = started.move()
  return {
    server,
    configs: async () => (await client.list(k0sWorkerConfig, { namespace })).items,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

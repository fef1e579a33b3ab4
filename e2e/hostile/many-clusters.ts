// Many clusters whose API servers hold up whoever works with them — shell
import type { Arena } from './arena.ts'
import { behaviourNamed } from './behaviours.ts'
import { type HostileCluster, makeHostileCluster } from './cluster.ts'

/** More than a manager has workers, even if one is enough for a worker. */
export const clusterCount = 12

export interface ManyClusters extends AsyncDisposable {
  readonly clusters: readonly HostileCluster[]
}

/** Each in a namespace of its own, so that turns of namespaces are no help; resolves when some of them hold workers. */
export async function beginManyClusters(arena: Arena, name: string): Promise<ManyClusters> {
  await using started = new AsyncDisposableStack()
  const clusters: HostileCluster[] = []
  const behaviour = behaviourNamed('one byte a second')
  for (let nth = 0; nth < clusterCount; nth++) {
    clusters.push(started.use(await makeHostileCluster(arena, `${name}-${nth}`, behaviour, 2)))
  }
  await Promise.all(clusters.slice(0, 3).map(({ server }) => server.untilAsked(behaviour.attacks)))
  const running = started.move()
  return { clusters, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

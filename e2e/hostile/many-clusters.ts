// Many clusters of one tenant, whose API servers all do the same — shell
import type { Arena } from './arena.ts'
import { type Behaviour, behaviourNamed } from './behaviours.ts'
import { type HostileCluster, makeHostileCluster } from './cluster.ts'

/** More than a manager has workers, even if one is enough for a worker. */
export const clusterCount = 12

/** What one cluster cannot do alone: hold all workers, or fill all memory. */
export const manyBehaviours: readonly Behaviour[] = ['one byte a second', 'objects that do not end'].map(behaviourNamed)

/** Each in a namespace of its own, so that turns of namespaces are no help; resolves when they have begun. */
export async function beginManyClusters(arena: Arena, name: string, behaviour: Behaviour): Promise<AsyncDisposable> {
  await using started = new AsyncDisposableStack()
  const clusters: HostileCluster[] = []
  for (let nth = 0; nth < clusterCount; nth++) {
    clusters.push(started.use(await makeHostileCluster(arena, `${name}-${nth}`, behaviour, 2)))
  }
  const begun = behaviour.blocks ? 3 : clusterCount // where passes are held up, some of them are
  await Promise.all(clusters.slice(0, begun).map(({ server }) => server.untilAsked(behaviour.attacks)))
  return started.move()
}

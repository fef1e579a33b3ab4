// Many clusters of one tenant, whose API servers all do the same — shell
import { type Arena, makeNamespace } from './arena.ts'
import { type Behaviour, behaviourNamed } from './behaviours.ts'
import { type HostileCluster, makeHostileCluster } from './cluster.ts'

/** More than a manager has workers, even if one is enough for a worker. */
export const clusterCount = 12

export interface Crowd {
  /** For a person to read. */
  readonly what: string
  readonly behaviour: Behaviour
  /** Else each cluster has a namespace of its own. */
  readonly sharesNamespace: boolean
}

/** What one cluster cannot do alone: hold all workers or places, or fill all memory. */
export const crowds: readonly Crowd[] = [
  crowdOf('one byte a second', false),
  crowdOf('one byte a second', true),
  crowdOf('objects that do not end', false),
]

function crowdOf(name: string, sharesNamespace: boolean): Crowd {
  const what = `${clusterCount} clusters${sharesNamespace ? ' of one namespace' : ''}, each ${name}`
  return { what, behaviour: behaviourNamed(name), sharesNamespace }
}

/** The namespaces begin with the name and `-0`; resolves when the clusters have begun. */
export async function beginManyClusters(arena: Arena, name: string, crowd: Crowd): Promise<AsyncDisposable> {
  const { behaviour, sharesNamespace } = crowd
  await using started = new AsyncDisposableStack()
  const clusters: HostileCluster[] = []
  for (let nth = 0; nth < clusterCount; nth++) {
    const namespace = sharesNamespace ? `${name}-0` : `${name}-${nth}`
    await makeNamespace(arena, namespace)
    clusters.push(started.use(await makeHostileCluster(arena, namespace, { behaviour, machines: 2, name: `c${nth}` })))
  }
  const begun = behaviour.blocks ? 3 : clusterCount // where passes are held up, some of them are
  await Promise.all(clusters.slice(0, begun).map(({ server }) => server.untilAsked(behaviour.attacks)))
  return started.move()
}

// Watches the objects of control planes come to exist — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type Connection, follow, type Sight } from '@k0smotron-ts/hack/testenv'
import {
  type Client,
  configMaps,
  fixedCredentials,
  networkPolicies,
  podDisruptionBudgets,
  secrets,
  services,
  statefulSets,
  type Transport,
} from '@k0smotron-ts/runtime'
import { createClient, undiciTransport } from '@k0smotron-ts/runtime/shell'
import { namespace } from './control-planes.ts'
import { listed } from './object-list.ts'

/** Every kind that the control plane provider makes. */
export const ownedKinds: readonly ResourceType[] = [
  services,
  statefulSets,
  configMaps,
  secrets,
  networkPolicies,
  podDisruptionBudgets,
]

export interface Arrivals extends AsyncDisposable {
  /** Resolves when so many clusters have everything on the list; throws when that cannot be seen any more. */
  complete(clusters: number): Promise<void>
  /** What each cluster has, in the words of the list. */
  readonly found: ReadonlyMap<string, ReadonlySet<string>>
}

/** What is made after this has resolved is seen. */
export async function watchArrivals(connection: Connection, expected: readonly string[]): Promise<Arrivals> {
  const client = metadataClient(connection)
  const stopping = new AbortController()
  const found = new Map<string, Set<string>>()
  const complete = new Set<string>()
  let look = () => {}
  let lost = (_: unknown) => {}
  const arrived = (type: ResourceType, { metadata }: KubeObject) => {
    const cluster = metadata.labels?.cluster
    if (cluster === undefined) return
    const objects = found.get(cluster) ?? new Set()
    found.set(cluster, objects.add(listed({ kind: type.kind, metadata }, cluster)))
    if (!expected.every(one => objects.has(one))) return
    complete.add(cluster)
    look()
  }
  for (const type of ownedKinds) {
    const sights = follow(client, type, { namespace, signal: stopping.signal })
    await sights.next() // what is there already is none of ours
    eachAdded(sights, object => arrived(type, object)).then(
      () => lost(new Error(`The watch of ${type.plural} ended`)),
      error => lost(error),
    )
  }
  return {
    found,
    complete: wanted =>
      new Promise((resolve, reject) => {
        lost = reject
        look = () => complete.size >= wanted && resolve()
        look()
      }),
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await client.close()
    },
  }
}

async function eachAdded(sights: AsyncIterable<Sight<KubeObject>>, hear: (object: KubeObject) => void) {
  for await (const { changes } of sights) for (const { before, after } of changes) if (after && !before) hear(after)
}

/** Asks for metadata only: the machine is small, and the measured process needs it. */
function metadataClient({ server, ca, identity }: Connection): Client {
  const transport = undiciTransport({ server, ca, credentials: fixedCredentials(identity ?? {}), userAgent: 'bench' })
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
  const metadataOnly: Transport = {
    ...transport,
    send: request => transport.send(request.timeoutMs === 'unlimited' ? { ...request, headers: { accept } } : request),
  }
  return createClient(metadataOnly)
}

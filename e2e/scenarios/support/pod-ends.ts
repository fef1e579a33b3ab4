// How the pods of a namespace end — shell
import { type Client, type Pod, pods } from '@k0smotron-ts/runtime'
import { patienceMs } from '../../harness/cluster.ts'

export interface PodEnds {
  /** Exit codes of each pod's containers, as last seen; resolves when all pods that were there are gone. */
  readonly ends: Promise<Readonly<Ends>>
}

/** Sees every pod that is there when this resolves. */
export async function watchPodEnds(client: Client, namespace: string): Promise<PodEnds> {
  const { items, resourceVersion } = await client.list(pods, { namespace })
  const names = items.map(({ metadata }) => metadata.name ?? '')
  return { ends: follow(client, new Set(names), { namespace, resourceVersion }) }
}

type Ends = Record<string, readonly (number | undefined)[]>

async function follow(
  client: Client,
  left: Set<string>,
  from: { readonly namespace: string; readonly resourceVersion: string },
): Promise<Ends> {
  const gone: Ends = {}
  for await (const { type, object } of client.watch(pods, { ...from, signal: AbortSignal.timeout(patienceMs) })) {
    if (type !== 'DELETED') continue
    const { name = '' } = object.metadata
    gone[name] = exitCodes(object)
    left.delete(name)
    if (left.size === 0) return gone
  }
  throw new Error(`${[...left].join(', ')} did not end`)
}

/** `undefined`: it was not seen to end. 137: it was killed. */
const exitCodes = ({ status }: Pod): readonly (number | undefined)[] =>
  (status?.containerStatuses ?? []).map(({ state }) => state?.terminated?.exitCode)

// How the pods of a namespace end — shell
import { follow } from '@k0smotron-ts/hack/testenv'
import { type Client, type Pod, pods } from '@k0smotron-ts/runtime'
import { patienceMs } from '../../harness/cluster.ts'

export interface PodEnds {
  /** Exit codes of each pod's containers, as last seen; resolves when all pods that were there are gone. */
  readonly ends: Promise<Readonly<Ends>>
}

type Ends = Record<string, readonly (number | undefined)[]>
type Sights = ReturnType<typeof follow<Pod>>

/** Sees every pod that is there when this resolves. */
export async function watchPodEnds(client: Client, namespace: string): Promise<PodEnds> {
  const sights = follow(client, pods, { namespace, signal: AbortSignal.timeout(patienceMs) })
  const { value } = await sights.next()
  const names = value?.objects.map(({ metadata }) => metadata.name ?? '') ?? []
  return { ends: untilGone(sights, new Set(names)) }
}

async function untilGone(sights: Sights, left: Set<string>): Promise<Ends> {
  const ends: Ends = {}
  for await (const { changes } of sights) {
    for (const { before, after } of changes) {
      if (after || !before) continue
      const { name = '' } = before.metadata
      ends[name] = exitCodes(before)
      left.delete(name)
    }
    if (left.size === 0) return ends
  }
  throw new Error(`${[...left].join(', ')} did not end`)
}

/** `undefined`: it was not seen to end. 137: it was killed. */
const exitCodes = ({ status }: Pod): readonly (number | undefined)[] =>
  (status?.containerStatuses ?? []).map(({ state }) => state?.terminated?.exitCode)

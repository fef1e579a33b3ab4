// Creates a Secret of the config, once — shell
import { clusterNameLabel } from '@k0smotron-ts/api'
import { guards, type KubeSecret, type Shell, secrets } from '@k0smotron-ts/runtime'
import { type Attempt, attempt } from '@k0smotron-ts/runtime/shell'
import { isOurs } from '../identity.ts'
import type { Observed } from '../observed.ts'

interface Creating {
  readonly desired: KubeSecret
  /** The type of the condition that says so when it is refused. */
  readonly concerns: string
}

/**
 * What is there already wins: a machine may be booting from it. One of ours without the label of the contract is seen
 * neither by us nor by others: it gets it back.
 */
export function createSecret(
  observed: Observed,
  shell: Shell,
  { desired, concerns }: Creating,
): Promise<Attempt<KubeSecret>> {
  return attempt({
    object: desired,
    concerns,
    write: async () => {
      const live = await shell.mint(secrets, desired)
      const { labels } = live.metadata
      const wanted = desired.metadata.labels?.[clusterNameLabel] ?? ''
      if (!isOurs(observed, live) || labels?.[clusterNameLabel] === wanted) return live
      return shell.patch(secrets, live, {
        operations: [
          ...guards(live),
          { op: 'add', path: '/metadata/labels', value: { ...labels, [clusterNameLabel]: wanted } },
        ],
      })
    },
  })
}

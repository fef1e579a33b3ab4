// What the tests under Cluster API core need of the world — shell
import type { ResourceType } from '@k0smotron-ts/api'
import { type AuditEntry, install, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { labManifests } from '../../lab-provider/index.ts'

/** Cluster API core itself, and the kinds of the lab. */
export async function startWorld(options: { readonly kwok?: boolean } = {}): Promise<Management> {
  const world = await startManagement({ clusterApi: true, ...options })
  try {
    await install(world.client, labManifests('k0smotron'))
  } catch (error) {
    await world[Symbol.asyncDispose]()
    throw error
  }
  return world
}

/** The requests of one of the providers. */
export const by =
  (account: string) =>
  ({ user }: AuditEntry): boolean =>
    user === `system:serviceaccount:k0smotron:${account}`

/** What there is of these kinds, as `Kind name`. */
export async function listed(
  { client }: Management,
  namespace: string,
  types: readonly ResourceType[],
): Promise<readonly string[]> {
  const lists = await Promise.all(types.map(type => client.list(type, { namespace })))
  return lists.flatMap(({ items }, index) => items.map(({ metadata }) => `${types[index]?.kind} ${metadata.name}`))
}

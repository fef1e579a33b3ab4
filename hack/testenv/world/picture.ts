// What is in a namespace, without what differs from run to run — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import type { Client } from '@k0smotron-ts/runtime'

/** One line per fact about each object of these kinds in the namespace, or of the cluster where a kind has none. */
export async function pictureOf(client: Client, namespace: string, kinds: readonly Pictured[]): Promise<string[]> {
  const lines: string[] = []
  for (const { type, facts } of kinds) {
    const { items } = await client.list(type, type.namespaced ? { namespace } : {})
    for (const object of items) {
      const all = [...commonFacts(object), ...facts(object)]
      lines.push(...all.map(fact => `${type.kind} ${object.metadata.name}: ${fact}`))
    }
  }
  return lines.sort()
}

export interface Pictured {
  readonly type: ResourceType
  /** What must be the same in every run; random bytes and hashes over them are not. */
  readonly facts: (object: KubeObject) => readonly string[]
}

function commonFacts({ metadata }: KubeObject): string[] {
  const { labels = {}, ownerReferences = [], finalizers = [], managedFields = [] } = metadata
  return [
    `labels ${Object.keys(labels).sort().join(' ')}`,
    `owners ${ownerReferences.map(({ kind, name, controller }) => `${kind}/${name}/${controller}`).join(' ')}`,
    `finalizers ${finalizers.join(' ')}`,
    `managers ${[...new Set(managedFields.map(({ manager, operation }) => `${manager}/${operation}`))].sort().join(' ')}`,
  ]
}

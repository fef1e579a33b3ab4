// What one control plane consists of, whatever its name — core
import type { KubeObject } from '@k0smotron-ts/api'

/** `Secret <cluster>-ca`: the same for every control plane. Names that carry a hash of what is inside lose it. */
export function listed({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>, cluster: string): string {
  const { name = '' } = metadata
  return `${kind} ${name.replace(cluster, '<cluster>').replace(/-[0-9a-f]{8,}$/, '-<hash>')}`
}

/** Empty when every cluster has exactly these objects; else what is missing or too much, and where. */
export function differences(
  found: ReadonlyMap<string, ReadonlySet<string>>,
  expected: readonly string[],
): readonly string[] {
  return [...found].flatMap(([cluster, objects]) => [
    ...expected.filter(object => !objects.has(object)).map(object => `${cluster} has no ${object}`),
    ...[...objects].filter(object => !expected.includes(object)).map(object => `${cluster} has ${object} too`),
  ])
}

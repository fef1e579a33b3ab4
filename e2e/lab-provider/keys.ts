// How objects of the lab provider are found from those of Cluster API — core
import { clusterNameLabel, type KubeObject, ownerOfKind } from '@k0smotron-ts/api'

/** Under the owner of that kind. */
export const byOwner =
  (kind: string) =>
  (object: KubeObject): readonly string[] => {
    const owner = ownerOfKind(object, kind)
    return owner ? [indexed(object, owner.name)] : []
  }

/** Under the Cluster, which core names on everything that belongs to one. */
export const byCluster = (object: KubeObject): readonly string[] => {
  const name = object.metadata.labels?.[clusterNameLabel]
  return name === undefined ? [] : [indexed(object, name)]
}

/** The value under which an object beside this one of that name is found. */
export function indexed({ metadata }: KubeObject, name: string | undefined = metadata.name): string {
  return `${metadata.namespace}/${name}`
}

// Which authority StatefulSets and volumes were made with — core
import type { KubeObject } from '@k0smotron-ts/api'

/**
 * The fingerprint of the authority's public key. On a StatefulSet: what its pods, and all who trust them, were made with. On a
 * volume, from its creation on: whose data is in it. Names cannot tell: a control plane made anew has its predecessor's.
 */
const authorityAnnotation = 'k0smotron.io/authority'

/** On a volume beside it: the authority of the cluster. Users may bring one authority of etcd for all their clusters. */
const clusterAuthorityAnnotation = 'k0smotron.io/cluster-authority'

export type AuthorityMark = Readonly<Record<string, string>>

export function authorityMark(fingerprint: string | undefined): AuthorityMark {
  return fingerprint === undefined ? {} : { [authorityAnnotation]: fingerprint }
}

/** `undefined` too for what an earlier release made: it did not write it down. */
export function madeWith(object: Pick<KubeObject, 'metadata'> | undefined): string | undefined {
  return object?.metadata.annotations?.[authorityAnnotation]
}

/** Whose data is in a volume. An earlier release wrote the first one only. */
export interface VolumeMarks {
  readonly datastore?: string | undefined
  readonly cluster?: string | undefined
}

export function volumeMarks({ datastore, cluster }: VolumeMarks): AuthorityMark {
  return { ...authorityMark(datastore), ...(cluster !== undefined && { [clusterAuthorityAnnotation]: cluster }) }
}

export function marksOn(object: Pick<KubeObject, 'metadata'>): VolumeMarks {
  return { datastore: madeWith(object), cluster: object.metadata.annotations?.[clusterAuthorityAnnotation] }
}

// Which authority StatefulSets and volumes were made with — core
import { createHmac } from 'node:crypto'
import type { KubeObject } from '@k0smotron-ts/api'
import { authoritiesOf } from '../datastore/datastore.ts'
import type { Observed } from '../observed.ts'

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

/** On the template of the k0s pods: changes with the bytes of the authorities that they read at start. */
const authoritiesAnnotation = 'k0smotron.io/authorities'

type Authorities = Pick<Observed, 'datastore' | 'secrets'>

export function authoritiesMark(known: Authorities): AuthorityMark {
  return { [authoritiesAnnotation]: authoritiesHash(known) }
}

/** Whether the k0s pods were made with all authorities that are there; `undefined`: nothing tells. */
export function madeWithThese(known: Authorities & Pick<Observed, 'k0sSet'>): 'all' | 'others' | 'some' | undefined {
  const mark = known.k0sSet?.spec?.template?.metadata?.annotations?.[authoritiesAnnotation]
  if (mark === undefined) return undefined
  if (!authoritiesOf(known.datastore).every(authority => known.secrets[authority])) return 'some'
  return mark === authoritiesHash(known) ? 'all' : 'others'
}

function authoritiesHash({ datastore, secrets }: Authorities): string {
  const pairs = (['ca', 'proxy', 'sa'] as const).map(
    purpose => `${secrets[purpose]?.data?.['tls.crt']}\n${secrets[purpose]?.data?.['tls.key']}\n`,
  )
  const ofDatastore = datastore.authority ? [`${secrets[datastore.authority]?.data?.['tls.crt']}\n`] : []
  return keyedHash(secrets, [...pairs, ...ofDatastore].join('')).slice(0, 16)
}

/** Keyed by the service account key: what is read off a name or a template tells nothing about the bytes of a Secret. */
export function keyedHash({ sa }: Observed['secrets'], text: string): string {
  return createHmac('sha256', sa?.data?.['tls.key'] ?? '')
    .update(text)
    .digest('hex')
}

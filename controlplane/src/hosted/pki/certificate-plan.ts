// Which certificates a control plane has, what is in them, and when they are renewed — core
import { defaultCertificateDuration, parseDuration } from '@k0smotron-ts/api'
import type { Names } from '../identity.ts'
import type { HostedSpec } from '../input.ts'
import type { Authority, Purpose } from '../observed.ts'

/** k0s up to 1.34 issues its leaves anew at each start only if its authority has this name. */
const authorityNames = { ca: 'kubernetes-ca', proxy: 'kubernetes-front-proxy-ca', etcd: 'etcd-ca' } as const

export const validity = { authorityDays: 3650, leafDays: 365 } as const

export function secretNameOf(names: Names, purpose: Purpose): string {
  const { ca, serviceAccountKey, frontProxyCA, etcdCA, etcdClient, etcdServer, etcdPeer } = names
  return { ca, sa: serviceAccountKey, proxy: frontProxyCA, etcd: etcdCA, etcdClient, etcdServer, etcdPeer }[purpose]
}

export function commonNameOf(authority: Exclude<Authority, 'sa'>): string {
  return authorityNames[authority]
}

/** What the API server takes is a duration; what an earlier release stored may be none. */
export function leafLifeMs({ certificates }: HostedSpec): number {
  return parseDuration(certificates?.duration ?? '') || (parseDuration(defaultCertificateDuration) ?? 0)
}

/** Absent: at two thirds of its life. */
export function renewBeforeMs({ certificates }: HostedSpec): number | undefined {
  return parseDuration(certificates?.renewBefore ?? '')
}

/** What a leaf certificate says. All are signed by the datastore's authority. */
export interface LeafContent {
  readonly commonName: string
  readonly sans: readonly string[]
}

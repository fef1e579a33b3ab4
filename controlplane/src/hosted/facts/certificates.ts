// What is known about all certificates together — core
import { authoritiesOf } from '../datastore/datastore.ts'
import type { Authority, Observed, Purpose } from '../observed.ts'

/** Whether all of these are there and usable. */
export function hasCertificates({ secrets, certificates }: Observed, ...needed: readonly Purpose[]): boolean {
  return needed.every(purpose => secrets[purpose] && !certificates[purpose]?.fault)
}

/** When the first of our certificates expires; an authority's expiry is the control plane's end. */
export function earliestExpiry({ certificates }: Observed): Date | undefined {
  const times = Object.values(certificates).flatMap(({ notAfter }) => (notAfter ? [notAfter.getTime()] : []))
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

/** When each of our certificates expires, by k0smotron's names for what they are for. */
export function certificateEnds({ certificates, clusterName }: Observed): {
  readonly cluster: string
  readonly at: Readonly<Record<string, Date>>
} {
  const ends = Object.entries(certificates).flatMap(([purpose, { notAfter }]) =>
    notAfter ? [[purposeNames[purpose as Purpose], notAfter] as const] : [],
  )
  return { cluster: clusterName, at: Object.fromEntries(ends) }
}

const purposeNames: Readonly<Record<Purpose, string>> = {
  ca: 'ca',
  proxy: 'proxy',
  sa: 'sa',
  etcd: 'etcd',
  etcdClient: 'apiserver-etcd-client',
  etcdServer: 'etcd-server',
  etcdPeer: 'etcd-peer',
}

/** Authorities whose end people should think of now: nothing renews an authority. */
export function endingAuthorities({ certificates, datastore }: Observed): readonly Authority[] {
  return authoritiesOf(datastore).filter(authority => certificates[authority]?.endsSoon)
}

/**
 * When the next leaf certificate or the kubeconfig is due, or another certificate is over: a real deadline, nothing else
 * tells us. One that is due
 * already could not be renewed, and what stands against that is watched.
 */
export function nextRenewal({ certificates, datastore, kubeconfig, now }: Observed): Date | undefined {
  const leaves = [...datastore.leaves.map(leaf => certificates[leaf]), kubeconfig].flatMap(
    facts => facts?.renewAt ?? [],
  )
  const times = [...leaves, ...Object.values(certificates).flatMap(({ changesAt }) => changesAt ?? [])]
  const future = times.filter(time => time > now).map(time => time.getTime())
  return future.length === 0 ? undefined : new Date(Math.min(...future))
}

// What is known about all certificates together — core
import { controlPlaneCondition } from '@k0smotron-ts/api'
import { type Applied, type CertificateReport, IssueError, type RenewalResult } from '@k0smotron-ts/runtime'
import { authoritiesOf } from '../datastore/datastore.ts'
import type { Authority, Leaf, Observed, Purpose } from '../observed.ts'
import { secretNameOf } from '../pki/certificate-plan.ts'
import { earliest } from './earliest.ts'

/** Whether all of these are there and usable. */
export function hasCertificates({ secrets, certificates }: Observed, ...needed: readonly Purpose[]): boolean {
  return needed.every(purpose => secrets[purpose] && !certificates[purpose]?.fault)
}

/** When the first of our certificates expires; an authority's expiry is the control plane's end. */
export function earliestExpiry({ certificates }: Observed): Date | undefined {
  return earliest(Object.values(certificates).flatMap(({ notAfter }) => notAfter ?? []))
}

/** A leaf that is there and has to be replaced. */
export function isDue({ secrets, certificates, now }: Observed, leaf: Leaf): boolean {
  const { renewAt } = certificates[leaf] ?? {}
  return secrets[leaf] !== undefined && renewAt !== undefined && renewAt <= now
}

/** When each certificate expires and is to be renewed, and how the renewals of a pass went, by k0smotron's names for what they are for. */
export function certificateReport(before: Observed, after: Observed, applied: readonly Applied[]): CertificateReport {
  const renewals = before.datastore.leaves
    .filter(leaf => isDue(before, leaf))
    .flatMap(leaf => {
      const result = renewalResult(secretNameOf(before.names, leaf), applied)
      return result ? [[purposeNames[leaf], result] as const] : []
    })
  return {
    cluster: after.clusterName,
    ends: timesOf(after, 'notAfter'),
    dues: timesOf(after, 'renewAt'),
    renewals: Object.fromEntries(renewals),
  }
}

function timesOf({ certificates }: Observed, which: 'notAfter' | 'renewAt'): CertificateReport['ends'] {
  const times = Object.entries(certificates).flatMap(([purpose, facts]) =>
    facts[which] ? [[purposeNames[purpose as Purpose], facts[which]] as const] : [],
  )
  return Object.fromEntries(times)
}

/** `undefined`: the pass did not get so far. Other writes to the Secret, as of its owner, concern other conditions. */
function renewalResult(name: string, applied: readonly Applied[]): RenewalResult | undefined {
  const isOfIt = ({ object: { kind, metadata }, concerns }: Applied) =>
    kind === 'Secret' && metadata.name === name && concerns === controlPlaneCondition.certificatesAvailable
  const stored = applied.find(isOfIt)
  if (stored) return stored.result === 'refused' ? 'error' : 'success'
  return applied.some(({ error }) => error instanceof IssueError) ? 'error' : undefined
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
  return earliest(times.filter(time => time > now))
}

// What a Lease says, and what may be written into it — core
import { createHash } from 'node:crypto'
import { apiVersionOf, type KubeObject, type ObjectKey, type ResourceType } from '@k0smotron-ts/api'

/** `coordination.k8s.io/v1`; times are MicroTime text. */
export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

export const leases: ResourceType<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
}

export interface LeaseTiming {
  /** For how long nobody else takes the lease after a renewal. */
  readonly leaseMs: number
  /** A holder that could not renew for so long stops; before the lease ends, so that there are never two. */
  readonly renewDeadlineMs: number
  readonly retryMs: number
}

/** What Kubernetes' own components and k0smotron use. */
export const leaseTiming: LeaseTiming = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 }

/** A lease as this process saw it, and when it saw the last change, by its own clock: the candidates' clocks may disagree. */
export interface Sighting {
  readonly lease: Lease | undefined
  readonly changedAt: number
}

/** `LeaderElectionID` of k0smotron: whoever runs the same controllers competes for the same lease, the original included. */
export function leaseName(enableController: string): string {
  return `${createHash('md5').update(enableController).digest('hex')}.k0smotron.io`
}

export const holderOf = (lease: Lease | undefined): string => lease?.spec?.holderIdentity ?? ''

/** A lease that looks as before was not renewed in between. */
export function sight(before: Sighting | undefined, lease: Lease | undefined, elapsed: number): Sighting {
  const same = before && JSON.stringify(before.lease?.spec) === JSON.stringify(lease?.spec)
  return { lease, changedAt: same ? before.changedAt : elapsed }
}

/** Nobody holds it, we do, or its holder has not renewed it for as long as it said it would hold. */
export function mayTake({ lease, changedAt }: Sighting, identity: string, elapsed: number): boolean {
  const holder = holderOf(lease)
  if (holder === '' || holder === identity) return true
  const heldMs = (lease?.spec?.leaseDurationSeconds ?? leaseTiming.leaseMs / 1000) * 1000
  return elapsed >= changedAt + heldMs
}

/** Clocks do not differ by so much where tokens and certificates work. */
const longOverMs = 3_600_000

/** Nobody has to watch it to see that it is not renewed: who held it went without giving it back. */
export function isLongOver(lease: Lease | undefined, now: Date): boolean {
  const renewed = new Date(lease?.spec?.renewTime ?? '').getTime()
  return now.getTime() - renewed > longOverMs
}

export interface Claim {
  readonly key: ObjectKey
  readonly identity: string
  readonly now: Date
  readonly leaseMs: number
}

/** The lease with us as its holder; its resourceVersion stays, so that of two claims one is refused. */
export function claimed(lease: Lease | undefined, { key, identity, now, leaseMs }: Claim): Lease {
  const { acquireTime, leaseTransitions = 0 } = lease?.spec ?? {}
  const goesOn = holderOf(lease) === identity
  return {
    apiVersion: apiVersionOf(leases),
    kind: leases.kind,
    metadata: lease?.metadata ?? key,
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseMs / 1000),
      acquireTime: (goesOn && acquireTime) || microTime(now),
      renewTime: microTime(now),
      leaseTransitions: lease && !goesOn ? leaseTransitions + 1 : leaseTransitions,
    },
  }
}

/** The lease without a holder: whoever looks next may take it. */
export function released(lease: Lease, now: Date): Lease {
  const time = microTime(now)
  const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time }
  return { ...lease, spec }
}

/** MicroTime: the API server wants exactly six digits. */
export function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z')
}

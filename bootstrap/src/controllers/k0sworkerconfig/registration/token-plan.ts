// What the bootstrap token in the workload cluster needs — core
import { type BootstrapToken, dataSecret, expirationIn, workloadTokenName } from '@k0smotron-ts/api'
import { extensionDue, type KubeSecret, type Wait } from '@k0smotron-ts/runtime'
import type { Observed } from '../observed.ts'

export type TokenPlan =
  /** It vanished: it comes back with the values it had. */
  | { readonly kind: 'create' }
  | { readonly kind: 'extend'; readonly live: KubeSecret }
  /** It is good until the next look at it. */
  | { readonly kind: 'keep'; readonly live: KubeSecret; readonly due?: Date }
  /** It has served its time, and will not come back. */
  | { readonly kind: 'end'; readonly wait?: Wait }

/** How long the token of a Machine without a node is extended. That of a pool lasts as long as the pool: it can always grow. */
const maxJoinMs = 7 * 24 * 3_600_000

export interface Known {
  readonly token: BootstrapToken
  /** The bootstrap tokens of this config in the workload cluster. */
  readonly found: readonly KubeSecret[]
  /** The machine has a node by now: it needs the token no more, whatever keeps Cluster API from finding the node. */
  readonly hasNode: boolean
}

export function tokenPlan(observed: Observed, { token, found, hasNode }: Known): TokenPlan {
  const { now } = observed
  const live = found.find(({ metadata }) => metadata.name === workloadTokenName(token))
  if (hasNode) return live ? { kind: 'keep', live } : { kind: 'end' }
  const end = live && expirationIn(live.data)
  if (!isTooLate(observed)) {
    if (!live) return { kind: 'create' }
    const due = extensionDue(live)
    return due <= now ? { kind: 'extend', live } : { kind: 'keep', live, due }
  }
  if (live && end && end > now) return { kind: 'keep', live, due: end }
  const message = `the machine has not joined within ${maxJoinMs / 86_400_000} days, so its join token is not extended any more; delete the Machine to get another`
  return { kind: 'end', wait: { reason: dataSecret.joinableReason.joinTokenExpired, message } }
}

function isTooLate({ now, machine, secrets }: Observed): boolean {
  const made = secrets.joinToken?.metadata.creationTimestamp
  return machine !== undefined && made !== undefined && now.getTime() - new Date(made).getTime() >= maxJoinMs
}

// Which Secrets of a config a restore brought back without their owner — core
import { type BootstrapToken, tokenInData } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { isInUse, isOwnerless } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { tokenInUserData } from './data-secret.ts'

/** By their labels, before anything is read: the cache does not hold what is in bootstrap data. */
export function labelledOwnerless(observed: Observed): readonly KubeSecret[] {
  const { bootstrap, joinToken } = observed.secrets
  return [
    ...(bootstrap && isOwnerless(observed, bootstrap, 'bootstrap') ? [bootstrap] : []),
    ...(joinToken && isOwnerless(observed, joinToken, 'join-token') ? [joinToken] : []),
  ]
}

/**
 * Labels prove nothing alone: whoever may create Secrets can write them, and a machine would boot what they made. Data
 * is proven by the Machine, which names it already; a token by that data. `used`: what the Machine boots from, read whole.
 */
export function isProven(observed: Observed, secret: KubeSecret, used: KubeSecret | undefined): boolean {
  if (secret.metadata.name === observed.secrets.bootstrap?.metadata.name) return isInUse(observed, secret)
  const token = tokenInData(secret.data)
  const known = used && tokenInUserData(used)
  return token !== undefined && known !== undefined && isSame(token, known)
}

/** The token that only the workload cluster can prove: there is no data that has it. */
export function tokenToProve({ secrets: { bootstrap, joinToken } }: Observed): BootstrapToken | undefined {
  return bootstrap ? undefined : tokenInData(joinToken?.data)
}

function isSame(a: BootstrapToken, b: BootstrapToken): boolean {
  return a.id === b.id && a.secret === b.secret
}

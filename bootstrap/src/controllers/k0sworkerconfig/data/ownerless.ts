// Which Secrets of a config a restore brought back without their owner — core
import { type BootstrapToken, tokenInData } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'
import { isInUse, isOwnerless } from '../identity.ts'
import type { Observed } from '../observed.ts'
import { joinTokenInUserData, tokenInUserData } from './data-secret.ts'

/** By their labels, before anything is read: the cache does not hold what is in bootstrap data. */
export function labelledOwnerless(observed: Observed): readonly KubeSecret[] {
  const { bootstrap, joinToken } = observed.secrets
  return [
    ...(bootstrap && isOwnerless(observed, bootstrap, 'bootstrap') ? [bootstrap] : []),
    ...(joinToken && isOwnerless(observed, joinToken, 'join-token') ? [joinToken] : []),
  ]
}

/**
 * What they hold has to prove it too. `data`: the bootstrap data, read whole. A machine that joins with it trusts the
 * authority of this cluster, or is told to boot from it already; and the token is the one that the data has.
 */
export function isProven(observed: Observed, secret: KubeSecret, data: KubeSecret | undefined): boolean {
  if (data && secret.metadata.name === data.metadata.name)
    return isInUse(observed, secret) || isOfThisCluster(observed, data)
  const token = tokenInData(secret.data)
  const used = data && tokenInUserData(data)
  return token !== undefined && (used === undefined || isSame(token, used))
}

function isOfThisCluster({ secrets: { certificateAuthority } }: Observed, data: KubeSecret): boolean {
  const authority = Buffer.from(certificateAuthority?.data?.['tls.crt'] ?? '', 'base64').toString()
  return authority !== '' && joinTokenInUserData(data)?.certificateAuthority === authority
}

function isSame(a: BootstrapToken, b: BootstrapToken): boolean {
  return a.id === b.id && a.secret === b.secret
}

// Bootstrap tokens in a workload cluster: looked for, made, extended, revoked — shell
import {
  type BootstrapToken,
  endData,
  expirationData,
  expirationIn,
  tokenInData,
  tokenNamespace,
  workloadTokenName,
} from '@k0smotron-ts/api'
import { isAlreadyExists } from '../client/api-error.ts'
import type { Client } from '../client/types.ts'
import { keyOf } from '../key.ts'
import { type KubeSecret, secrets } from '../kinds.ts'
import { isTokenOf, type TokenSubject, workloadToken, workloadTokenUntil } from './workload-token.ts'

/** A whole life from now on; or until then, and without a time until it is revoked. */
type Term = { readonly now: Date } | { readonly until: Date | undefined }

/** What there is of the token once it was projected; `undefined`: its id is someone else's. */
export async function projectToken(
  client: Client,
  subject: TokenSubject,
  { token, ...term }: { readonly token: BootstrapToken } & Term,
): Promise<KubeSecret | undefined> {
  const desired =
    'now' in term ? workloadToken(subject, token, term.now) : workloadTokenUntil(subject, token, term.until)
  try {
    return await client.create(secrets, desired)
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const live = await client.get(secrets, keyOf(desired))
    if (!live) throw error // gone in between: the next pass makes it
    const isSame = live.data?.['token-secret'] === desired.data?.['token-secret']
    return isSame && isTokenOf(subject, live) ? live : undefined
  }
}

/** Whether the workload cluster has the token, with its secret, as one of the subject. */
export async function isTokenKnown(client: Client, subject: TokenSubject, token: BootstrapToken): Promise<boolean> {
  const live = await client.get(secrets, { namespace: tokenNamespace, name: workloadTokenName(token) })
  return live !== undefined && isTokenOf(subject, live) && tokenInData(live.data)?.secret === token.secret
}

/** A whole life from now on. */
export function extendToken(client: Client, live: KubeSecret, now: Date): Promise<KubeSecret> {
  return client.patchMerge(secrets, keyOf(live), { data: expirationData(now) })
}

/** Good until then, whatever it was before; without a time until it is revoked. */
export async function setTokenEnd(client: Client, live: KubeSecret, end: Date | undefined): Promise<KubeSecret> {
  const wanted = end && expirationIn(endData(end))
  if (expirationIn(live.data)?.getTime() === wanted?.getTime()) return live
  return client.patchMerge(secrets, keyOf(live), { data: { expiration: end ? endData(end).expiration : null } })
}

/** The token lets nobody in any more. One that is gone already is fine; one of somebody else is left alone. */
export async function revokeToken(
  client: Client,
  subject: TokenSubject,
  token: Pick<BootstrapToken, 'id'>,
): Promise<void> {
  const key = { namespace: tokenNamespace, name: workloadTokenName(token) }
  const live = await client.get(secrets, key)
  const { uid } = live?.metadata ?? {}
  if (live && isTokenOf(subject, live)) await client.delete(secrets, key, uid === undefined ? {} : { uid })
}

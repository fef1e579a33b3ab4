// The Secret of the join token in the management cluster, and the text that the machine gets — core
import {
  type BootstrapToken,
  clusterSecretType,
  dataSecret,
  encodeJoinToken,
  tokenData,
  tokenInData,
} from '@k0smotron-ts/api'
import type { KubeSecret, Wait } from '@k0smotron-ts/runtime'
import { joinTokenName, metadataOf, ownershipConflict } from '../identity.ts'
import type { Observed } from '../observed.ts'

/** On the Secret: the machine has joined, and the workload cluster does not know the token any more. */
export const revokedAnnotation = 'k0smotron.io/token-revoked'

/** The truth about the token. It is moved with the config, so a machine that boots late finds the token it has. */
export function joinTokenSecret(observed: Observed, token: BootstrapToken): KubeSecret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: clusterSecretType,
    metadata: metadataOf(observed, joinTokenName(observed.config), 'join-token'),
    data: tokenData(token),
  }
}

export function isRevoked({ metadata }: KubeSecret): boolean {
  return metadata.annotations?.[revokedAnnotation] !== undefined
}

/** Nothing of someone else's is taken over, and nothing that is not what it should be is used. */
export function unusableSecret(observed: Observed): Wait | undefined {
  const conflict = ownershipConflict(observed)
  if (conflict) return { reason: dataSecret.dataSecretReason.notOurs, message: conflict.message }
  const { joinToken } = observed.secrets
  if (!joinToken || tokenInData(joinToken.data)) return undefined
  const message = `Secret ${joinToken.metadata.name} holds no bootstrap token; delete it`
  return { reason: dataSecret.dataSecretReason.invalidJoinToken, message }
}

/** Where a token leads. */
export interface JoinTarget {
  /** `https://host:port` of the API server. */
  readonly server: string
  /** PEM text. */
  readonly certificateAuthority: string
}

/** The content of the machine's token file. */
export function joinTokenText(target: JoinTarget, { id, secret }: BootstrapToken): string {
  return encodeJoinToken({ ...target, token: `${id}.${secret}`, role: 'worker' })
}

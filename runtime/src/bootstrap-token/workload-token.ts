// The Secret of a bootstrap token in a workload cluster: whose it is, and how long it is good — core
import {
  type BootstrapToken,
  bootstrapTokenType,
  endData,
  expirationIn,
  type TokenRole,
  tokenData,
  tokenLifeMs,
  tokenNamespace,
  tokenUsageData,
  workloadTokenName,
} from '@k0smotron-ts/api'
import type { KubeSecret } from '../kinds.ts'

/** Whom a token is for. The workload cluster knows it by the label: names outlive a move, uids do not. */
export interface TokenSubject {
  readonly label: string
  readonly value: string
  /** Such as `Worker bootstrap token of k0smotron for K0sWorkerConfig m1`. */
  readonly description: string
  /** Absent: a worker. */
  readonly role?: TokenRole
}

/** What kube-apiserver of the workload cluster authenticates a machine by; good for a whole life from now on. */
export function workloadToken(subject: TokenSubject, token: BootstrapToken, now: Date): KubeSecret {
  return workloadTokenUntil(subject, token, new Date(now.getTime() + tokenLifeMs))
}

/** Without an end it is good until it is revoked. */
export function workloadTokenUntil(
  { label, value, description, role }: TokenSubject,
  token: BootstrapToken,
  end: Date | undefined,
): KubeSecret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: bootstrapTokenType,
    metadata: { name: workloadTokenName(token), namespace: tokenNamespace, labels: { [label]: value } },
    data: { ...tokenData(token), ...tokenUsageData(description, role), ...(end && endData(end)) },
  }
}

export function isTokenOf({ label, value }: TokenSubject, { metadata }: KubeSecret): boolean {
  return metadata.labels?.[label] === value
}

/** At half its life; a time that cannot be read is over. */
export function extensionDue({ data }: KubeSecret): Date {
  return new Date((expirationIn(data)?.getTime() ?? tokenLifeMs / 2) - tokenLifeMs / 2)
}

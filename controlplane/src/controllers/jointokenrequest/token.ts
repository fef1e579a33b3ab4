// The Secret with the token — core
import {
  type BootstrapToken,
  decodeBase64,
  decodeJoinToken,
  encodeBase64,
  encodeJoinToken,
  type JoinTokenRequest,
  joinTokenRequest,
  parseBootstrapToken,
} from '@k0smotron-ts/api'
import { controllerReference, type KubeSecret, timeText } from '@k0smotron-ts/runtime'
import { labelsOf, type Role, roleOf } from './identity.ts'
import { type Issue, issuedAnnotation } from './plan.ts'

/** Where a token leads. */
export interface JoinTarget {
  /** `https://host:port` of the API server. */
  readonly server: string
  /** PEM text. */
  readonly certificateAuthority: string
}

/** As k0smotron makes it: the key `token` has the very content of a token file. */
export function tokenSecret(request: JoinTokenRequest, issue: Issue, token: BootstrapToken): KubeSecret {
  const { name = '', namespace = '' } = request.metadata
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name,
      namespace,
      labels: labelsOf(request),
      annotations: { [issuedAnnotation]: timeText(issue.issuedAt) },
      ownerReferences: [controllerReference(joinTokenRequest, request)],
    },
    data: tokenData(request, issue, token),
  }
}

export function tokenData(
  request: JoinTokenRequest,
  { target }: Issue,
  { id, secret }: BootstrapToken,
): Readonly<Record<'token', string>> {
  return { token: encodeBase64(encodeJoinToken({ ...target, token: `${id}.${secret}`, role: roleOf(request) })) }
}

/** Which cannot be changed: the workload cluster knows the token with it. */
export interface HeldToken extends BootstrapToken {
  readonly role: Role
}

/** `undefined` for a Secret that holds none. */
export function tokenIn(secret: KubeSecret | undefined): HeldToken | undefined {
  try {
    const { role, token } = decodeJoinToken(decodeBase64(secret?.data?.token).trim())
    const parsed = parseBootstrapToken(token)
    return parsed && { ...parsed, role }
  } catch {
    return undefined
  }
}

export function isOwnedBy({ metadata }: KubeSecret, request: JoinTokenRequest): boolean {
  return metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === request.metadata.uid) ?? false
}

export function pemOf(ca: KubeSecret): string {
  return decodeBase64(ca.data?.['tls.crt'])
}

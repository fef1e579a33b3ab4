// Connections as somebody other than the admin — shell
import type { Connection } from './connection.ts'
import { type ControlPlane, connectAs } from './control-plane.ts'

/** A user by client certificate, or a ServiceAccount by a token that the API server issued. */
export type Identity =
  | { readonly user: string; readonly groups?: readonly string[] }
  | { readonly serviceAccount: ServiceAccountKey }

/** The ServiceAccount must exist. */
export interface ServiceAccountKey {
  readonly namespace: string
  readonly name: string
}

export function connectWith(controlPlane: ControlPlane, identity: Identity): Promise<Connection> {
  if ('serviceAccount' in identity) return connectWithToken(controlPlane, identity.serviceAccount)
  return connectAs(controlPlane, { commonName: identity.user, organizations: identity.groups ?? [] })
}

interface TokenRequest {
  readonly status: { readonly token: string }
}

const day = 24 * 3600

export async function connectWithToken(controlPlane: ControlPlane, account: ServiceAccountKey): Promise<Connection> {
  const { server, authority, requests } = controlPlane
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: day } }
  const { status } = await requests.post<TokenRequest>(path, request)
  return { server, ca: authority.cert, identity: { token: status.token } }
}

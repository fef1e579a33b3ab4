// Connections as somebody other than the admin — shell
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { type ControlPlane, connectAs } from '../parts/control-plane.ts'
import type { Connection } from './connection.ts'

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

interface TokenRequest extends KubeObject {
  readonly spec: { readonly expirationSeconds: number }
  readonly status?: { readonly token: string }
}

/** A subresource of the account. */
const tokensOf = (account: string): ResourceType<TokenRequest> => ({
  group: '',
  version: 'v1',
  kind: 'TokenRequest',
  plural: `serviceaccounts/${account}/token`,
  namespaced: true,
})

const day = 24 * 3600

export async function connectWithToken(controlPlane: ControlPlane, account: ServiceAccountKey): Promise<Connection> {
  const { server, authority, client } = controlPlane
  const { status } = await client.create(tokensOf(account.name), {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { namespace: account.namespace },
    spec: { expirationSeconds: day },
  })
  return { server, ca: authority.cert, identity: { token: status?.token ?? '' } }
}

// The join token: its Secret here, its Secret in the workload cluster, and how long it is good — core
import { clusterSecretType, encodeJoinToken, hostPort, knownEndpoint, shortened } from '@k0smotron-ts/api'
import { type KubeSecret, timeText } from '@k0smotron-ts/runtime'
import { joinTokenName, metadataOf } from './identity.ts'
import type { Arrival, Observed } from './observed.ts'

/** The `id.secret` pair of a bootstrap token. */
export interface BootstrapToken {
  readonly id: string
  readonly secret: string
}

/** On the Secret here: the machine has joined, and the workload cluster does not know the token any more. */
export const revokedAnnotation = 'k0smotron.io/token-revoked'

/** On the Secret in the workload cluster: which config it is of. Names outlive a move, uids do not. */
export const configLabel = 'k0smotron.io/worker-config'

/** Where kube-apiserver looks for bootstrap tokens. */
export const tokenNamespace = 'kube-system'

const lifeMs = 24 * 3_600_000

/** What is missing or malformed is `undefined`. */
export function parseJoinToken({ data = {} }: KubeSecret): BootstrapToken | undefined {
  return tokenOf(`${decoded(data['token-id'])}.${decoded(data['token-secret'])}`)
}

/** The two parts of `id.secret`; `undefined` for any other text. */
export function tokenOf(text: string): BootstrapToken | undefined {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

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

export function tokenData({ id, secret }: BootstrapToken): Readonly<Record<string, string>> {
  return encoded({ 'token-id': id, 'token-secret': secret })
}

export function isRevoked({ metadata }: KubeSecret): boolean {
  return metadata.annotations?.[revokedAnnotation] !== undefined
}

export function workloadTokenName({ id }: BootstrapToken): string {
  return `bootstrap-token-${id}`
}

/** What kube-apiserver of the workload cluster authenticates the machine by. */
export function workloadToken({ config, now }: Observed, token: BootstrapToken): KubeSecret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: {
      name: workloadTokenName(token),
      namespace: tokenNamespace,
      labels: { [configLabel]: configLabelOf(config) },
    },
    data: {
      ...tokenData(token),
      ...encoded({
        description: `Worker bootstrap token of k0smotron for K0sWorkerConfig ${config.metadata.name}`,
        'usage-bootstrap-authentication': 'true',
        'usage-bootstrap-api-auth': 'true',
        'usage-bootstrap-api-worker-calls': 'true',
      }),
      ...expirationFrom(now),
    },
  }
}

export function configLabelOf({ metadata }: Observed['config']): string {
  return shortened(metadata.name ?? '')
}

export function expirationFrom(now: Date): Readonly<Record<'expiration', string>> {
  return { expiration: Buffer.from(timeText(new Date(now.getTime() + lifeMs))).toString('base64') }
}

/** `create` what vanished, with the values it had; `extend` what has lived half its life. */
export type TokenPlan = 'create' | 'extend' | 'keep'

export function tokenPlan({ now }: Pick<Observed, 'now'>, { token }: Arrival): TokenPlan {
  if (!token) return 'create'
  return extensionDue(token) <= now ? 'extend' : 'keep'
}

/** When the token is to be extended; a time that cannot be read is over. */
export function extensionDue({ data }: KubeSecret): Date {
  const expiration = new Date(decoded(data?.expiration)).getTime()
  return new Date(Number.isNaN(expiration) ? 0 : expiration - lifeMs / 2)
}

/** PEM text; empty when there is none. */
export function certificateAuthorityOf({ secrets }: Observed): string {
  return Buffer.from(secrets.certificateAuthority?.data?.['tls.crt'] ?? '', 'base64').toString()
}

/** The content of the machine's token file. */
export function joinTokenText(observed: Observed, { id, secret }: BootstrapToken): string {
  const endpoint = knownEndpoint(observed.cluster?.spec?.controlPlaneEndpoint)
  if (!endpoint) throw new TypeError('no join token without an endpoint')
  return encodeJoinToken({
    server: `https://${hostPort(endpoint)}`,
    certificateAuthority: certificateAuthorityOf(observed),
    token: `${id}.${secret}`,
    role: 'worker',
  })
}

function decoded(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString()
}

function encoded(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, Buffer.from(text).toString('base64')]))
}

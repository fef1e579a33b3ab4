// The bootstrap token of a machine that is to join: its two parts, and the Secret that kube-apiserver reads it from — core
import { decodeBase64, encodeBase64 } from '../base64.ts'

/** The `id.secret` pair of a bootstrap token. */
export interface BootstrapToken {
  readonly id: string
  readonly secret: string
}

/** `data` of a Secret. */
type Data = Readonly<Record<string, string>>

/** Where kube-apiserver looks for bootstrap tokens. */
export const tokenNamespace = 'kube-system'

export const bootstrapTokenType = 'bootstrap.kubernetes.io/token'

/** How long a token is good that nobody extends. */
export const tokenLifeMs: number = 24 * 3_600_000

export function workloadTokenName({ id }: Pick<BootstrapToken, 'id'>): string {
  return `bootstrap-token-${id}`
}

/** The two parts of `id.secret`; `undefined` for any other text. */
export function parseBootstrapToken(text: string): BootstrapToken | undefined {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** The token in a Secret; what is missing or malformed is `undefined`. */
export function tokenInData(data: Data | undefined): BootstrapToken | undefined {
  return parseBootstrapToken(`${decodeBase64(data?.['token-id'])}.${decodeBase64(data?.['token-secret'])}`)
}

export function tokenData({ id, secret }: BootstrapToken): Data {
  return encoded({ 'token-id': id, 'token-secret': secret })
}

/** Who may join with a token. */
export type TokenRole = 'worker' | 'controller'

/** What kube-apiserver looks at, of a worker; k0s looks at it where controllers join. Of these, older ones know the last. */
const usages: Readonly<Record<TokenRole, readonly string[]>> = {
  worker: ['usage-bootstrap-authentication', 'usage-bootstrap-api-auth', 'usage-bootstrap-api-worker-calls'],
  controller: ['usage-bootstrap-controller-join', 'usage-controller-join'],
}

/** What is looked at beside the two parts. */
export function tokenUsageData(description: string, role: TokenRole = 'worker'): Data {
  return encoded({ description, ...Object.fromEntries(usages[role].map(usage => [usage, 'true'])) })
}

/** A whole life from now on. */
export function expirationData(now: Date): { readonly expiration: string } {
  return endData(new Date(now.getTime() + tokenLifeMs))
}

/** Until then; kube-apiserver takes no part of a second. */
export function endData(end: Date): { readonly expiration: string } {
  return { expiration: encodeBase64(`${end.toISOString().slice(0, 19)}Z`) }
}

/** `undefined` for what is no time. */
export function expirationIn(data: Data | undefined): Date | undefined {
  const end = new Date(decodeBase64(data?.expiration))
  return Number.isNaN(end.getTime()) ? undefined : end
}

function encoded(values: Data): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, text]) => [key, encodeBase64(text)]))
}

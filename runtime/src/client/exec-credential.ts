// What a credential plug-in prints — core
import type { Identity } from './connection.ts'
import { isMapping, KubeconfigError } from './kubeconfig-field.ts'

export interface ExecCredential {
  readonly identity: Identity
  /** Absent: it lasts until it is refused. */
  readonly expiresAt?: Date
}

/** Refuses what proves nobody's identity; the message quotes nothing of it. */
export function parseExecCredential(output: string, field: string): ExecCredential {
  const status = statusOf(output)
  const [token, cert, key] = [status.token, status.clientCertificateData, status.clientKeyData].map(text)
  if (!token && !(cert && key)) {
    throw new KubeconfigError(`kubeconfig: ${field}: the credential plug-in printed neither token nor certificate`)
  }
  const expiry = Date.parse(text(status.expirationTimestamp) ?? '')
  return {
    identity: { ...(token && { token }), ...(cert && key && { certificate: { cert, key } }) },
    ...(!Number.isNaN(expiry) && { expiresAt: new Date(expiry) }),
  }
}

function statusOf(output: string): Readonly<Record<string, unknown>> {
  try {
    const credential: unknown = JSON.parse(output)
    return isMapping(credential) && isMapping(credential.status) ? credential.status : {}
  } catch {
    return {} // the parser's message quotes the text, and the text may be a token
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

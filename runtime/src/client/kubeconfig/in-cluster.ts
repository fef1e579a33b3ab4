// The connection that Kubernetes gives every pod — shell
import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import type { ConnectionConfig, Identity } from '../transport/connection.ts'
import { rereadCredentials } from './reread-credentials.ts'

export interface InClusterOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly clock: Clock
  /** Where the service account is mounted. */
  readonly directory?: string
}

/** Undefined outside of a pod. The token is replaced under us about once an hour and the CA when it is rotated: both are read again. */
export async function inClusterConnection({
  env,
  userAgent,
  clock,
  directory = '/var/run/secrets/kubernetes.io/serviceaccount',
}: InClusterOptions): Promise<ConnectionConfig | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  if (!host || !port) return undefined
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8')
  const readAll = async (): Promise<Identity> => {
    const [token, ca] = await Promise.all([read('token'), read('ca.crt')])
    return { token: token.trim(), ca }
  }
  return {
    server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
    ca: await read('ca.crt'),
    credentials: rereadCredentials(readAll, clock),
    userAgent,
  }
}

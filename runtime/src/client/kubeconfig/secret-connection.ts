// A connection out of a Secret: from users, so nothing in it may run, read or go elsewhere — core
import { type ConnectionConfig, fixedCredentials } from '../transport/connection.ts'
import { KubeconfigError, type KubeconfigUser, parseKubeconfig, type Source } from './kubeconfig.ts'
import { selectContext } from './kubeconfig-context.ts'

/**
 * The connection that the kubeconfig in a Secret's value describes.
 * Refused with the name of the field: a plug-in, a file, anything else that would act with our rights or read our disk.
 */
export function connectionFromSecret(value: Uint8Array, userAgent: string): ConnectionConfig {
  const config = parseKubeconfig(new TextDecoder().decode(value))
  for (const user of config.users.values()) refusePlugIn(user) // in any of them, or the current context could be switched
  const { cluster, user } = selectContext(config)
  if (URL.parse(cluster.server)?.protocol !== 'https:')
    throw new KubeconfigError('kubeconfig: the server is not an https URL')
  const ca = ownText(cluster.ca)
  const cert = ownText(user.cert)
  const key = ownText(user.key)
  const token = ownText(user.token)
  return {
    server: cluster.server,
    ...(ca ? { ca } : {}),
    ...(cluster.serverName ? { serverName: cluster.serverName } : {}),
    credentials: fixedCredentials({
      ...(token ? { token } : {}),
      ...(cert && key ? { certificate: { cert, key } } : {}),
    }),
    userAgent,
  }
}

function refusePlugIn({ plugIn }: KubeconfigUser): void {
  if (plugIn) throw new KubeconfigError(`kubeconfig: ${plugIn}: is not accepted from a Secret`)
}

function ownText(source: Source | undefined): string | undefined {
  if (source?.kind === 'file')
    throw new KubeconfigError(`kubeconfig: ${source.field}: a file is not accepted from a Secret`)
  return source?.text
}

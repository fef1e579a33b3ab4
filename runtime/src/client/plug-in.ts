// Credentials from a kubeconfig's exec or auth-provider plug-in — shell
import type { RequestOptions } from 'node:https'
import type { Clock } from '../clock.ts'
import { type Credentials, type Identity, rereadCredentials } from './connection.ts'
import { KubeconfigError, type PlugIn } from './kubeconfig.ts'

/**
 * The plug-in runs when its credentials expire or were refused. Its runner comes from `@kubernetes/client-node`, loaded
 * here and only when such a user is used: it costs 90 MB, and no pod needs it.
 */
export function plugInCredentials(plugIn: PlugIn, server: string, clock: Clock): Credentials {
  let runner: Runner | undefined
  return rereadCredentials(async afterRefusal => {
    // The runner remembers credentials until they expire; a new one has nothing to remember.
    if (afterRefusal || !runner) runner = await loadRunner(plugIn, server)
    try {
      return await runner()
    } catch (cause) {
      throw new KubeconfigError(`kubeconfig: ${plugIn.field}: the credential plug-in failed`, { cause })
    }
  }, clock)
}

type Runner = () => Promise<Identity>

async function loadRunner({ kind, settings }: PlugIn, server: string): Promise<Runner> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  const user = { name: 'user', ...(kind === 'exec' ? { exec: settings } : { authProvider: settings }) }
  config.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: false }, user)
  return async () => {
    const options: RequestOptions = {}
    await config.applyToHTTPSOptions(options)
    return identityOf(options)
  }
}

function identityOf({ cert, key, headers }: RequestOptions): Identity {
  const authorization = headers && 'Authorization' in headers ? String(headers.Authorization) : ''
  const token = /^Bearer (.+)$/.exec(authorization)?.[1]
  return {
    ...(token ? { token } : {}),
    ...(typeof cert === 'string' && typeof key === 'string' ? { certificate: { cert, key } } : {}),
  }
}

// A connection out of kubeconfig files — shell
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../../clock.ts'
import { type ConnectionConfig, type Credentials, fixedCredentials, type Identity } from '../transport/connection.ts'
import {
  type Kubeconfig,
  type KubeconfigCluster,
  KubeconfigError,
  type KubeconfigUser,
  parseKubeconfig,
  type Source,
} from './kubeconfig.ts'
import { mergeKubeconfigs, selectContext } from './kubeconfig-context.ts'
import { rereadCredentials } from './reread-credentials.ts'

export interface FileConnectionOptions {
  readonly context?: string
  readonly userAgent: string
  readonly clock: Clock
}

/** The connection that these kubeconfigs describe together. Files they point to are read again when they may have changed. */
export async function connectionFromFiles(
  paths: readonly string[],
  { context, userAgent, clock }: FileConnectionOptions,
): Promise<ConnectionConfig> {
  const { cluster, user } = selectContext(mergeKubeconfigs(await Promise.all(paths.map(readKubeconfig))), context)
  const ca = await read(cluster.ca)
  return {
    server: cluster.server,
    ...(ca ? { ca } : {}),
    ...(cluster.serverName ? { serverName: cluster.serverName } : {}),
    credentials: await credentialsOf(user, cluster, clock),
    userAgent,
  }
}

async function readKubeconfig(path: string): Promise<Kubeconfig> {
  const document = await readNamed(path, `kubeconfig ${path}`)
  return parseKubeconfig(document, file => resolve(dirname(path), file))
}

async function credentialsOf(user: KubeconfigUser, cluster: KubeconfigCluster, clock: Clock): Promise<Credentials> {
  if (user.plugIn)
    throw new KubeconfigError(`kubeconfig: ${user.plugIn}: plug-ins are not run; give a tokenFile instead`)
  const readAll = async (): Promise<Identity> => {
    const ca = await read(cluster.ca)
    return { ...(await readIdentity(user)), ...(ca && { ca }) }
  }
  const changes = [cluster.ca, user.cert, user.key, user.token].some(source => source?.kind === 'file')
  return changes ? rereadCredentials(readAll, clock) : fixedCredentials(await readIdentity(user))
}

async function readIdentity(user: KubeconfigUser): Promise<Identity> {
  const [cert, key, token] = await Promise.all([read(user.cert), read(user.key), read(user.token)])
  return { ...(token ? { token: token.trim() } : {}), ...(cert && key ? { certificate: { cert, key } } : {}) }
}

async function read(source: Source | undefined): Promise<string | undefined> {
  return source?.kind === 'file' ? readNamed(source.path, `kubeconfig: ${source.field}: ${source.path}`) : source?.text
}

async function readNamed(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new KubeconfigError(`${what} cannot be read`, { cause })
  }
}

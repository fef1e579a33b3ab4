// Which API server this process talks to — shell
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Clock } from '../../clock.ts'
import { systemClock } from '../../system-clock.ts'
import type { ConnectionConfig } from '../transport/connection.ts'
import { connectionFromFiles } from './file-connection.ts'
import { inClusterConnection } from './in-cluster.ts'
import { KubeconfigError } from './kubeconfig.ts'

export interface LoadConnectionOptions {
  /** A kubeconfig named by a flag. */
  readonly kubeconfig?: string
  readonly context?: string
  readonly userAgent: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
}

/** The first of: the given file, KUBECONFIG (merged as kubectl does), the pod's service account, `~/.kube/config`. */
export async function loadConnection({
  kubeconfig,
  env = process.env,
  clock = systemClock,
  ...options
}: LoadConnectionOptions): Promise<ConnectionConfig> {
  if (kubeconfig) return connectionFromFiles([kubeconfig], { ...options, clock })
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter(path => path !== '')
  if (named.length > 0) return connectionFromFiles(existing(named), { ...options, clock })
  const ofPod = await inClusterConnection({ env, clock, userAgent: options.userAgent })
  if (ofPod) return ofPod
  const ofUser = join(env.HOME ?? homedir(), '.kube', 'config')
  if (existsSync(ofUser)) return connectionFromFiles([ofUser], { ...options, clock })
  throw new KubeconfigError('no API server to talk to: give --kubeconfig or KUBECONFIG, or run in a pod')
}

/** kubectl lets some of the list be missing; if all are, the first is worth an error that names it. */
function existing(paths: readonly string[]): readonly string[] {
  const found = paths.filter(path => existsSync(path))
  return found.length > 0 ? found : paths.slice(0, 1)
}

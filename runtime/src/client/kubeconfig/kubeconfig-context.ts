// Which cluster and user of a kubeconfig are meant — core
import { type Kubeconfig, type KubeconfigCluster, KubeconfigError, type KubeconfigUser } from './kubeconfig.ts'

export interface SelectedContext {
  readonly cluster: KubeconfigCluster
  readonly user: KubeconfigUser
}

/** The named context, else the current one, else the only one. */
export function selectContext(config: Kubeconfig, wanted?: string): SelectedContext {
  const name = wanted ?? config.currentContext ?? onlyName(config)
  const context = config.contexts.get(name)
  if (!context) throw new KubeconfigError(`kubeconfig: there is no context ${JSON.stringify(name)}`)
  const cluster = config.clusters.get(context.cluster)
  if (!cluster)
    throw new KubeconfigError(`kubeconfig: context ${JSON.stringify(name)} names a cluster that is not there`)
  const user = context.user === '' ? {} : config.users.get(context.user)
  if (!user) throw new KubeconfigError(`kubeconfig: context ${JSON.stringify(name)} names a user that is not there`)
  return { cluster, user }
}

function onlyName(config: Kubeconfig): string {
  const [name, ...others] = config.contexts.keys()
  if (name === undefined || others.length > 0) throw new KubeconfigError('kubeconfig: current-context is missing')
  return name
}

/** As kubectl merges the files of KUBECONFIG: of two equal names the first wins. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const lastFirst = configs.toReversed()
  const currentContext = configs.find(config => config.currentContext)?.currentContext
  return {
    clusters: new Map(lastFirst.flatMap(config => [...config.clusters])),
    users: new Map(lastFirst.flatMap(config => [...config.users])),
    contexts: new Map(lastFirst.flatMap(config => [...config.contexts])),
    ...(currentContext ? { currentContext } : {}),
  }
}

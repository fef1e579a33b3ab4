// Secrets that whoever may write a config must not read out by it — core
import { bootstrapTokenType, clusterNameLabel, clusterSecretType, secretNamesOf } from '@k0smotron-ts/api'
import type { KubeSecret } from '@k0smotron-ts/runtime'

/** By its name alone, of whatever type it is: users may bring the keys of their cluster in a Secret of another one. */
export function isKeyOf(cluster: string | undefined, name: string): boolean {
  return cluster !== undefined && secretNamesOf(cluster).includes(name)
}

/** Keys of a cluster, kubeconfigs, bootstrap data and tokens: why the Secret is one of them, to follow its name. */
export function faultOfSecret(name: string, { type, metadata }: Partial<KubeSecret>): string | undefined {
  if (type === clusterSecretType || type === bootstrapTokenType)
    return ` of type ${type}: what Cluster API and its providers keep in it is not given to machines`
  return isKeyOf(metadata?.labels?.[clusterNameLabel], name) ? faultOfName : undefined
}

export const faultOfName = ': what Cluster API and its providers keep under such a name is not given to machines'

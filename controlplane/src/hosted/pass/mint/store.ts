// Stores one Secret — shell
import { clusterNameLabel, type ObjectMeta, type OwnerReference } from '@k0smotron-ts/api'
import { type KubeSecret, NotOursError, type Shell, secrets } from '@k0smotron-ts/runtime'
import { type Attempt, attempt } from '@k0smotron-ts/runtime/shell'
import { isOwned } from '../../identity.ts'
import type { Observed } from '../../observed.ts'

export interface Storing {
  readonly secret: KubeSecret
  readonly purpose: keyof Observed['secrets']
  /** The condition that needs the Secret. */
  readonly concerns: string
}

/** Creates it, or renews the one that is there under its resourceVersion. */
export function store(
  observed: Observed,
  shell: Shell,
  { secret, purpose, concerns }: Storing,
): Promise<Attempt<KubeSecret>> {
  const live = observed.secrets[purpose]
  return attempt({
    object: secret,
    concerns,
    write: () => (live ? renew(shell, secret, live) : create(observed, shell, secret)),
  })
}

function renew(shell: Shell, secret: KubeSecret, { metadata: live }: KubeSecret): Promise<KubeSecret> {
  return shell.renew(secrets, { ...secret, metadata: mergedMetadata(live, secret.metadata) })
}

/** What others put on it stays: labels, annotations, finalizers, owners. */
export function mergedMetadata(live: ObjectMeta, ours: ObjectMeta): ObjectMeta {
  const { labels, annotations, ownerReferences = [] } = ours
  const isOurs = ({ uid }: OwnerReference) => ownerReferences.some(one => one.uid === uid)
  const others = live.ownerReferences?.filter(one => !isOurs(one)) ?? []
  return {
    ...live,
    labels: { ...live.labels, ...labels },
    ...((live.annotations || annotations) && { annotations: { ...live.annotations, ...annotations } }),
    ownerReferences: [...others, ...ownerReferences],
  }
}

/**
 * A configuration that holds a password. One of somebody else under its name is not used; ours gets labels back that it
 * lost, without which the cache does not have it.
 */
export async function createConfig({ owner }: Observed, shell: Shell, secret: KubeSecret): Promise<KubeSecret> {
  const live = await shell.mint(secrets, secret)
  if (!isOwned(live, owner)) throw new NotOursError(live, 'delete it')
  const { labels = {} } = secret.metadata
  const isLabelled = Object.entries(labels).every(([key, value]) => live.metadata.labels?.[key] === value)
  return isLabelled ? live : relabelled(shell, secret, live)
}

function relabelled(shell: Shell, { metadata }: KubeSecret, live: KubeSecret): Promise<KubeSecret> {
  const labels = { ...live.metadata.labels, ...metadata.labels }
  return shell.renew(secrets, { ...live, metadata: { ...live.metadata, labels } })
}

/**
 * What is there already wins. One without the label of the contract is seen neither by us nor by Cluster API core: ours
 * gets it back, another's is not used.
 */
async function create({ owner }: Observed, shell: Shell, secret: KubeSecret): Promise<KubeSecret> {
  const live = await shell.mint(secrets, secret)
  const wanted = secret.metadata.labels?.[clusterNameLabel]
  if (live.metadata.labels?.[clusterNameLabel] === wanted) return live
  if (!isOwned(live, owner)) throw new NotOursError(live, `label it ${clusterNameLabel}=${wanted}, or delete it`)
  return relabelled(shell, secret, live)
}

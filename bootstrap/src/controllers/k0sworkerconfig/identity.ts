// Names, labels and owner of what belongs to one config — core
import {
  clusterNameLabel,
  type K0sWorkerConfig,
  k0sWorkerConfig,
  type ObjectMeta,
  type OwnerReference,
  shortened,
} from '@k0smotron-ts/api'
import { controllerReference, type KubeSecret, NotOursError, type TokenSubject } from '@k0smotron-ts/runtime'
import type { Observed } from './observed.ts'

export const joinTokenSuffix = '-join-token'

export function joinTokenName({ metadata }: K0sWorkerConfig): string {
  return `${metadata.name}${joinTokenSuffix}`
}

/** On the bootstrap token in the workload cluster: which config it is of. */
export const configLabel = 'k0smotron.io/worker-config'

export function tokenSubjectOf({ metadata: { name = '' } }: K0sWorkerConfig): TokenSubject {
  const description = `Worker bootstrap token of k0smotron for K0sWorkerConfig ${name}`
  return { label: configLabel, value: shortened(name), description }
}

/** The Cluster that the owner names; the Cluster itself may not be there. */
export function clusterNameOf({ machine, machinePool }: Pick<Observed, 'machine' | 'machinePool'>): string | undefined {
  return machine?.spec.clusterName ?? machinePool?.spec.clusterName
}

/**
 * The metadata of a Secret of ours. The user's go on it first: none can take away the label by which Cluster API core
 * and infrastructure providers find the Secret. Its controller takes it along when the cluster is moved.
 */
export function metadataOf(observed: Observed, name: string, component: string, user: Labelled = {}): ObjectMeta {
  const { namespace } = observed.config.metadata
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: {
      ...user.labels,
      [clusterNameLabel]: clusterNameOf(observed) ?? '',
      [componentLabel]: component,
    },
    ...(user.annotations && { annotations: user.annotations }),
    ownerReferences: ownerReferencesOf(observed.config),
  }
}

export function ownerReferencesOf(config: K0sWorkerConfig): readonly OwnerReference[] {
  const { blockOwnerDeletion: _, ...owner } = controllerReference(k0sWorkerConfig, config)
  return [owner]
}

/** Whether nobody has the Secret, and its labels are those that we give it: a restore takes owners off. */
export function isOwnerless(observed: Observed, { metadata }: KubeSecret, component: string): boolean {
  const { deletionTimestamp, labels = {}, ownerReferences = [] } = metadata
  const isLabelled = labels[clusterNameLabel] === clusterNameOf(observed) && labels[componentLabel] === component
  return isLabelled && ownerReferences.length === 0 && deletionTimestamp === undefined
}

const componentLabel = 'app.kubernetes.io/component'

type Labelled = Pick<ObjectMeta, 'labels' | 'annotations'>

/** Whether the config is the controller of the Secret. */
export function isOurs({ config }: Observed, { metadata }: KubeSecret): boolean {
  return metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === config.metadata.uid) ?? false
}

/**
 * Whether the bootstrap data of the config is there. One without a controller counts when the Machine uses it already: a
 * restore may have lost the owner, and the machine may have booted from it.
 */
export function hasData(observed: Observed): boolean {
  const { bootstrap } = observed.secrets
  if (!bootstrap) return false
  const isOrphan = !bootstrap.metadata.ownerReferences?.some(({ controller }) => controller)
  return isOurs(observed, bootstrap) || (isOrphan && isInUse(observed, bootstrap))
}

/** Whether the owner was told to boot from it. */
export function isInUse({ machine, machinePool }: Observed, { metadata }: KubeSecret): boolean {
  const { bootstrap } = machine?.spec ?? machinePool?.spec.template.spec ?? {}
  return bootstrap?.dataSecretName === metadata.name
}

/** A Secret of someone else is where one of ours has to be. */
export function ownershipConflict(observed: Observed): NotOursError | undefined {
  const { joinToken, bootstrap } = observed.secrets
  if (bootstrap && !hasData(observed)) return new NotOursError(bootstrap)
  return joinToken && !isOurs(observed, joinToken) ? new NotOursError(joinToken) : undefined
}

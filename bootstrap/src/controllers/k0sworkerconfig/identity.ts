// Names, labels and owner of what belongs to one config — core
import { clusterNameLabel, type K0sWorkerConfig, k0sWorkerConfig, type ObjectMeta } from '@k0smotron-ts/api'
import { controllerReference, type KubeSecret } from '@k0smotron-ts/runtime'
import type { Observed } from './observed.ts'

export const joinTokenSuffix = '-join-token'

export function joinTokenName({ metadata }: K0sWorkerConfig): string {
  return `${metadata.name}${joinTokenSuffix}`
}

/** The Cluster that the owner names; the Cluster itself may not be there. */
export function clusterNameOf({ machine, machinePool }: Pick<Observed, 'machine' | 'machinePool'>): string | undefined {
  return machine?.spec.clusterName ?? machinePool?.spec.clusterName
}

/**
 * The metadata of a Secret of ours. The user's go on it first: none can take away the label by which Cluster API core
 * and infrastructure providers find the Secret (CT-B03). Its controller takes it along when the cluster is moved.
 */
export function metadataOf(observed: Observed, name: string, component: string, user: Labelled = {}): ObjectMeta {
  const { namespace } = observed.config.metadata
  const { blockOwnerDeletion: _, ...owner } = controllerReference(k0sWorkerConfig, observed.config)
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: {
      ...user.labels,
      [clusterNameLabel]: clusterNameOf(observed) ?? '',
      'app.kubernetes.io/component': component,
    },
    ...(user.annotations && { annotations: user.annotations }),
    ownerReferences: [owner],
  }
}

type Labelled = Pick<ObjectMeta, 'labels' | 'annotations'>

/** Whether the config is the controller of the Secret. */
export function isOurs({ config }: Observed, { metadata }: KubeSecret): boolean {
  return metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === config.metadata.uid) ?? false
}

/**
 * Whether it is the bootstrap data of the config. One without a controller counts when the Machine uses it already: a
 * restore may have lost the owner, and the machine may have booted from it (CT-B18).
 */
export function isOurBootstrapData(observed: Observed, secret: KubeSecret): boolean {
  const isOrphan = !secret.metadata.ownerReferences?.some(({ controller }) => controller)
  const isInUse = observed.machine?.spec.bootstrap?.dataSecretName === secret.metadata.name
  return isOurs(observed, secret) || (isOrphan && isInUse)
}

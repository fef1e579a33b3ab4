// What the cache keeps of objects that are read in part — core

import { clusterNameLabel, type ObjectMeta, secretNamesOf } from '@k0smotron-ts/api'
import type { ControllerRevision, KubeSecret, Node, PersistentVolumeClaim, Pod } from '@k0smotron-ts/runtime'
import { configLabel } from '../identity.ts'

/** Who an object is and whose; managedFields stay out, since these kinds are never applied by us. */
function projectMetadata({ annotations, managedFields: _, ...metadata }: ObjectMeta): ObjectMeta {
  return annotations ? { ...metadata, annotations } : metadata
}

/** The Secrets that are ours to read by name, whole; of all others with the label (bootstrap data!) only that they exist. */
export function projectSecret({ apiVersion, kind, metadata, type, data }: KubeSecret): KubeSecret {
  const cluster = metadata.labels?.[clusterNameLabel] ?? ''
  const isRead = secretNamesOf(cluster).includes(metadata.name ?? '') || metadata.labels?.[configLabel] !== undefined
  return {
    apiVersion,
    kind,
    metadata: projectMetadata(metadata),
    ...(type && { type }),
    ...(isRead && data && { data }),
  }
}

/** Readiness, trouble, and what the pod was made from. */
export function projectPod({ apiVersion, kind, metadata, spec, status }: Pod): Pod {
  const image = spec?.containers?.[0]?.image
  const { podIP, conditions, initContainerStatuses, containerStatuses } = status ?? {}
  return {
    apiVersion,
    kind,
    metadata: projectMetadata(metadata),
    spec: { containers: [{ name: 'first', ...(image !== undefined && { image }) }] },
    status: {
      // members of etcd are asked there
      ...(podIP !== undefined && metadata.labels?.component === 'etcd' && { podIP }),
      ...(conditions && { conditions }),
      ...(initContainerStatuses && { initContainerStatuses }),
      ...(containerStatuses && { containerStatuses }),
    },
  }
}

/** Whose it is, and which member it was given to. */
export function projectClaim({ apiVersion, kind, metadata }: PersistentVolumeClaim): PersistentVolumeClaim {
  return { apiVersion, kind, metadata: projectMetadata(metadata) }
}

/** Only its labels say which configuration it refers to. */
export function projectRevision({ apiVersion, kind, metadata, revision }: ControllerRevision): ControllerRevision {
  return { apiVersion, kind, metadata: projectMetadata(metadata), revision }
}

/** Its addresses, and whether it is ready; heartbeats change nothing that is kept. */
export function projectNode({ apiVersion, kind, metadata, status }: Node): Node {
  const { name, uid, resourceVersion } = metadata
  const bare: ObjectMeta = { ...(name && { name }), ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) }
  const { addresses, conditions } = status ?? {}
  const ready = conditions?.find(({ type }) => type === 'Ready')
  return {
    apiVersion,
    kind,
    metadata: bare,
    status: {
      ...(addresses && { addresses }),
      ...(ready && { conditions: [{ type: ready.type, status: ready.status }] }),
    },
  }
}

// Names, labels and owner of everything that belongs to one control plane — core
import {
  clusterNameLabel,
  controlPlaneLabel,
  type KubeObject,
  k0smotronControlPlane,
  namesOf,
  type ObjectMeta,
  ownerOfKind,
} from '@k0smotron-ts/api'
import { controllerReference, isAppliedBy } from '@k0smotron-ts/runtime'
import type { Observed } from './observed.ts'

/** k0smotron's field manager, so that fields of an adopted cluster stay ours. */
export const fieldManager = 'k0smotron-operator'

/** Values of `app.kubernetes.io/component`: users' patches select objects by them. */
export type Component = 'control-plane' | 'cluster-config' | 'etcd' | 'kubeconfig' | 'certificates'

const componentLabel = 'app.kubernetes.io/component'

/** On a pod and on every revision that made one: which configuration it reads at start. */
export const configLabel = 'k0smotron.io/config'

export type Names = ReturnType<typeof namesOf>

/** The name of the Cluster, which all names derive from; the owner reference has it before the Cluster is read. */
export function clusterNameOf({ controlPlane, cluster }: Pick<Observed, 'controlPlane' | 'cluster'>): string {
  return cluster?.metadata.name ?? ownerOfKind(controlPlane, 'Cluster')?.name ?? controlPlane.metadata.name ?? ''
}

export function namesFor(observed: Pick<Observed, 'controlPlane' | 'cluster'>): Names {
  return namesOf(clusterNameOf(observed))
}

/**
 * The labels that StatefulSets and Services select by: fixed, because a selector cannot change. Users' labels go on
 * metadata only; k0smotron put them here, and changing one stopped its reconcile.
 */
export function selectorOf(observed: Observed, component: 'cluster' | 'etcd'): Readonly<Record<string, string>> {
  const fixed = { app: 'k0smotron', cluster: clusterNameOf(observed), component }
  return component === 'cluster' ? { ...fixed, [controlPlaneLabel]: 'true' } : fixed
}

export function labelsOf(observed: Observed, component: Component): Readonly<Record<string, string>> {
  return {
    ...selectorOf(observed, component === 'etcd' ? 'etcd' : 'cluster'),
    [clusterNameLabel]: clusterNameOf(observed),
    [componentLabel]: component,
  }
}

/** Whether the control plane is the controller of the object: it goes with it, and is ours to change. */
export function isOwned({ metadata }: KubeObject, controlPlane: KubeObject): boolean {
  return (
    metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === controlPlane.metadata.uid) ?? false
  )
}

/** Whether we made the object: it is ours, we applied it, and it is a part of a control plane. */
export function isMadeByUs(object: KubeObject, controlPlane: KubeObject): boolean {
  const { labels } = object.metadata
  return isOwned(object, controlPlane) && labels?.[componentLabel] !== undefined && isAppliedBy(object, fieldManager)
}

/** The metadata of an object of ours: it goes with the control plane. */
export function metadataOf(
  observed: Observed,
  name: string,
  component: Component,
): ObjectMeta & { readonly name: string } {
  const { namespace } = observed.controlPlane.metadata
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    labels: labelsOf(observed, component),
    ownerReferences: [controllerReference(k0smotronControlPlane, observed.controlPlane)],
  }
}

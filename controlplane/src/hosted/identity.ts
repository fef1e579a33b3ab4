// Names, labels and owner of everything that belongs to one control plane — core
import {
  apiVersionOf,
  clusterNameLabel,
  controlPlaneLabel,
  isOurKind,
  type KubeObject,
  type namesOf,
  type ObjectMeta,
} from '@k0smotron-ts/api'
import { controllerReference, isAppliedBy } from '@k0smotron-ts/runtime'
import type { HostedInput, Owner } from './input.ts'

/** k0smotron's field manager, so that fields of an adopted cluster stay ours. */
export const fieldManager = 'k0smotron-operator'

/** Values of `app.kubernetes.io/component`: users' patches select objects by them. */
const components = ['control-plane', 'cluster-config', 'etcd', 'kubeconfig', 'certificates', 'oidc'] as const
export type Component = (typeof components)[number]

/** Values of the label `component`, which StatefulSets and Services select by. */
export type PodComponent = 'cluster' | 'etcd'

const componentLabel = 'app.kubernetes.io/component'

/** On a pod and on every revision that made one: which configuration it reads at start. */
export const configLabel = 'k0smotron.io/config'

/** Whether the object is a configuration of k0s, which some pod reads at start. */
export function isConfig({ kind, metadata }: KubeObject): boolean {
  return kind === 'ConfigMap' || (kind === 'Secret' && metadata.labels?.[configLabel] !== undefined)
}

export type Names = ReturnType<typeof namesOf>

/** What names and labels derive from. */
export type Named = Pick<HostedInput, 'clusterName' | 'owner'>

/**
 * The labels that StatefulSets and Services select by: fixed, because a selector cannot change. Users' labels go on
 * metadata only; k0smotron put them here, and changing one stopped its reconcile.
 */
export function selectorOf(
  { clusterName }: Pick<Named, 'clusterName'>,
  component: PodComponent,
): Readonly<Record<string, string>> {
  const fixed = { app: 'k0smotron', cluster: clusterName, component }
  return component === 'cluster' ? { ...fixed, [controlPlaneLabel]: 'true' } : fixed
}

export function labelsOf(named: Pick<Named, 'clusterName'>, component: Component): Readonly<Record<string, string>> {
  return {
    ...selectorOf(named, component === 'etcd' ? 'etcd' : 'cluster'),
    [clusterNameLabel]: named.clusterName,
    [componentLabel]: component,
  }
}

/** The object that everything belongs to, as far as a refusal names it. */
export function ownObject({ owner }: Pick<Named, 'owner'>): KubeObject {
  const { type, name, namespace, uid } = owner
  return { apiVersion: apiVersionOf(type), kind: type.kind, metadata: { name, namespace, uid } }
}

/** Whether the control plane is the controller of the object: it goes with it, and is ours to change. */
export function isOwned({ metadata }: KubeObject, owner: Pick<Owner, 'uid'>): boolean {
  return metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === owner.uid) ?? false
}

/** Whether nobody has the object, and its labels are those of the component: made by us, and brought back by a restore. */
export function isOwnerless(
  named: Pick<Named, 'clusterName'>,
  { metadata }: KubeObject,
  component: Component,
): boolean {
  const { deletionTimestamp, labels = {}, ownerReferences = [] } = metadata
  const isLabelled = Object.entries(labelsOf(named, component)).every(([key, value]) => labels[key] === value)
  return isLabelled && ownerReferences.length === 0 && deletionTimestamp === undefined
}

/** The component that the labels name. */
export function componentOf({ metadata }: KubeObject): Component | undefined {
  const name = metadata.labels?.[componentLabel]
  return components.find(one => one === name)
}

/**
 * Whether another control plane is the controller, of whichever kind: one of its name, before or beside it. What belongs to
 * that goes with it, and must not be built on.
 */
export function isOfAnother({ metadata }: KubeObject, { uid }: Pick<Owner, 'uid'>): boolean {
  const controller = metadata.ownerReferences?.find(({ controller: is }) => is)
  return controller !== undefined && isOurKind(controller) && controller.uid !== uid
}

/** Whether we made the object: it is ours, we applied it, and it is a part of a control plane. A Secret is created, never applied. */
export function isMadeByUs(object: KubeObject, owner: Pick<Owner, 'uid'>): boolean {
  const { labels } = object.metadata
  const isMade = object.kind === 'Secret' || isAppliedBy(object, fieldManager)
  return isOwned(object, owner) && labels?.[componentLabel] !== undefined && isMade
}

/** The metadata of an object of ours: it goes with the control plane. */
export function metadataOf(named: Named, name: string, component: Component): ObjectMeta & { readonly name: string } {
  const { owner } = named
  return {
    name,
    namespace: owner.namespace,
    labels: labelsOf(named, component),
    ownerReferences: [controllerReference(owner.type, { metadata: owner })],
  }
}

// Whose an object is — core
import type { KubeObject, OwnerReference } from '@k0smotron-ts/api'
import { apiVersionOf, type ResourceType } from '@k0smotron-ts/api'
import { fieldsOf, type Owner } from './owned-fields.ts'

/** An object of that name exists and nothing on it says that it is ours; it is left alone. */
export class NotOursError extends Error {
  override readonly name = 'NotOursError'
  readonly object: KubeObject
  constructor(object: KubeObject, remedy: string = remedyFor(object)) {
    const { kind, metadata } = object
    const [controller] = metadata.ownerReferences?.filter(({ controller: is }) => is) ?? []
    const owner = controller ? `belongs to ${controller.kind} ${controller.name}` : 'nothing proves that it is ours'
    super(`${kind} ${metadata.name} exists and ${owner}; ${remedy}`)
    this.object = object
  }
}

/** What to do about a live object that stands where `desired` has to be. A deleted StatefulSet may take its volumes along. */
export function remedyFor({ kind, metadata }: KubeObject, desired?: KubeObject): string {
  const isData = kind === 'StatefulSet'
  const otherwise = isData
    ? 'give the cluster another name, for its data may go with a StatefulSet that is deleted'
    : 'rename or delete it'
  const { labels = {}, ownerReferences = [] } = metadata
  const missing = Object.entries(desired?.metadata.labels ?? {}).filter(([key, value]) => labels[key] !== value)
  if (ownerReferences.length > 0 || missing.length === 0) return otherwise
  const given = missing.map(([key, value]) => `${key}=${value}`).join(' ')
  return `if it is a restored part of this cluster, label it ${given}; else ${otherwise}`
}

/** Our controller owner is on it, or both its labels and our entry in managedFields prove that we made it. */
export function isOurs(live: KubeObject, desired: KubeObject, by: Owner): boolean {
  const controller = live.metadata.ownerReferences?.find(({ controller: is }) => is)
  const wanted = desired.metadata.ownerReferences?.find(({ controller: is }) => is)
  if (controller) return controller.uid === wanted?.uid
  return fieldsOf(live, by) !== undefined && hasLabels(live, desired)
}

function hasLabels(live: KubeObject, desired: KubeObject): boolean {
  return Object.entries(desired.metadata.labels ?? {}).every(([key, value]) => live.metadata.labels?.[key] === value)
}

/** The owner reference that makes an object go with its owner and tells everyone who keeps it. */
export function controllerReference(type: ResourceType, owner: Pick<KubeObject, 'metadata'>): OwnerReference {
  const { name, uid } = owner.metadata
  if (!name || !uid) throw new TypeError(`${type.kind} without name or uid cannot own anything`)
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, uid, controller: true, blockOwnerDeletion: true }
}

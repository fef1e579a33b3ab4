// A kind and where the API server serves it — core
import type { KubeObject, OwnerReference } from './meta.ts'

/** One served kind. `group` is empty for the core group. */
export interface ResourceType<T extends KubeObject = KubeObject> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  /** Never present: carries the object type for inference. */
  readonly object?: T
}

/** `v1` or `apps/v1`, as in an object's `apiVersion`. */
export function apiVersionOf({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}

/** Whether a reference names an object of the kind, whatever its version. */
export function isOfKind(
  { apiVersion, kind }: Pick<OwnerReference, 'apiVersion' | 'kind'>,
  type: Pick<ResourceType, 'group' | 'kind'>,
): boolean {
  return kind === type.kind && groupOf(apiVersion) === type.group
}

/** The group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

// The shared API types package — core
export type { Condition, KubeObject, ManagedFieldsEntry, ObjectKey, ObjectMeta, OwnerReference } from './meta.ts'
export { apiVersionOf, groupOf, type ResourceType } from './resource.ts'

// What is kept of metadata.managedFields — core
import type { KubeObject, ManagedFieldsEntry } from '@k0smotron-ts/api'

/**
 * Our own entries whole, because they say which of our fields are still ours; of the others who they are and when they
 * wrote. The field lists of others are a third of many objects, and nothing reads them.
 */
export function trimManagedFields<T extends KubeObject>(object: T, manager: string): T {
  const { managedFields } = object.metadata
  if (!managedFields) return object
  const trimmed = managedFields.map(entry => (entry.manager === manager ? entry : withoutFields(entry)))
  return { ...object, metadata: { ...object.metadata, managedFields: trimmed } }
}

function withoutFields({ manager, operation, subresource, time }: ManagedFieldsEntry): ManagedFieldsEntry {
  return {
    ...(manager === undefined ? {} : { manager }),
    ...(operation === undefined ? {} : { operation }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(time === undefined ? {} : { time }),
  }
}

// Makes the fields of an object ours that a tool wrote for us, such as a restore — core
import type { KubeObject, ManagedFieldsEntry } from '@k0smotron-ts/api'
import { isPlainObject } from './intent.ts'
import type { Fields } from './owned-fields.ts'

/**
 * The managedFields with which our next apply removes what it does not want any more: as long as a tool's entry holds a
 * field, it would stay for ever, such as the old port of a Service. Metadata stays whose it is, and the status its
 * controllers'; so does what others applied.
 */
export function takenOver(live: KubeObject, manager: string): readonly ManagedFieldsEntry[] {
  const { apiVersion } = live
  const entries = live.metadata.managedFields ?? []
  const isTaken = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Update' && !entry.subresource && entry.apiVersion === apiVersion
  const isOurs = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Apply' && !entry.subresource && entry.manager === manager
  const fieldsOf = ({ fieldsV1 = {} }: ManagedFieldsEntry): Fields => fieldsV1
  const ours = [...entries.filter(isOurs).map(fieldsOf), ...entries.filter(isTaken).map(fieldsOf).map(bodyOf)]
  const left = entries.filter(entry => !isOurs(entry)).flatMap(entry => (isTaken(entry) ? withoutBody(entry) : entry))
  const fieldsV1 = ours.reduce(union, {})
  return [...left, { manager, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 }]
}

const metadataField = 'f:metadata'

function bodyOf({ [metadataField]: _, ...body }: Fields): Fields {
  return body
}

function withoutBody(entry: ManagedFieldsEntry): ManagedFieldsEntry[] {
  const { [metadataField]: metadata } = entry.fieldsV1 ?? {}
  return metadata === undefined ? [] : [{ ...entry, fieldsV1: { [metadataField]: metadata } }]
}

function union(a: Fields, b: Fields): Fields {
  const merged = Object.entries(b).map(([key, below]) => {
    const { [key]: known } = a
    return [key, isPlainObject(known) && isPlainObject(below) ? union(known, below) : below]
  })
  return { ...a, ...Object.fromEntries(merged) }
}

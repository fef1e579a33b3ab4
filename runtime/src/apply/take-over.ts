// Makes the fields of an object ours that a tool wrote for us, such as a restore — core
import type { KubeObject, ManagedFieldsEntry } from '@k0smotron-ts/api'
import { isPlainObject } from './intent.ts'
import type { Fields } from './owned-fields.ts'

/**
 * The managedFields with which our next apply removes what it does not want any more: as long as a tool's entry holds a
 * field, it would stay for ever, such as the old port of a Service. Metadata stays whose it is, that of a pod template
 * too, where `kubectl rollout restart` leaves a mark; so do the status and what others applied.
 */
export function takenOver(live: KubeObject, manager: string): readonly ManagedFieldsEntry[] {
  const { apiVersion } = live
  const entries = live.metadata.managedFields ?? []
  const isTaken = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Update' && !entry.subresource && entry.apiVersion === apiVersion
  const isOurs = (entry: ManagedFieldsEntry) =>
    entry.operation === 'Apply' && !entry.subresource && entry.manager === manager
  const fieldsOf = ({ fieldsV1 = {} }: ManagedFieldsEntry): Fields => fieldsV1
  const ours = [
    ...entries.filter(isOurs).map(fieldsOf),
    ...entries.filter(isTaken).map(entry => split(fieldsOf(entry)).body),
  ]
  const left = entries
    .filter(entry => !isOurs(entry))
    .flatMap(entry => {
      const { metadata } = split(fieldsOf(entry))
      if (!isTaken(entry)) return entry
      return isEmpty(metadata) ? [] : { ...entry, fieldsV1: metadata }
    })
  const fieldsV1 = ours.reduce(union, {})
  return [...left, { manager, operation: 'Apply', apiVersion, fieldsType: 'FieldsV1', fieldsV1 }]
}

const metadataField = 'f:metadata'

interface Split {
  readonly metadata: Fields
  readonly body: Fields
}

/** Into the fields of metadata, that of pod templates too, and all others. */
function split(fields: Fields): Split {
  return Object.entries(fields).reduce<Split>(
    ({ metadata, body }, [key, below]) => {
      if (key === metadataField) return { metadata: { ...metadata, [key]: below }, body }
      if (!isPlainObject(below) || isEmpty(below)) return { metadata, body: { ...body, [key]: below } }
      const parts = split(below)
      return {
        metadata: isEmpty(parts.metadata) ? metadata : { ...metadata, [key]: parts.metadata },
        body: isEmpty(parts.body) ? body : { ...body, [key]: parts.body },
      }
    },
    { metadata: {}, body: {} },
  )
}

function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).length === 0
}

function union(a: Fields, b: Fields): Fields {
  const merged = Object.entries(b).map(([key, below]) => {
    const { [key]: known } = a
    return [key, isPlainObject(known) && isPlainObject(below) ? union(known, below) : below]
  })
  return { ...a, ...Object.fromEntries(merged) }
}

// The older version of a kind, made from what differs from the stored one — core
import type { TSchema } from 'typebox'
import { type Schema, schemaOf } from '../schema/faults.ts'
import type { Column, OlderVersion } from '../schema/kind.ts'
import type { StatusDifferences } from './differences.ts'
import { isObject, type JsonObject, without } from './json.ts'
import { olderStatus } from './older-schema.ts'

/** A spec in both versions. Given and returned are whole objects, since some of it is in annotations. */
export interface SpecConversion {
  readonly spec: Schema
  readonly toStored: (older: JsonObject) => JsonObject
  readonly fromStored: (stored: JsonObject) => JsonObject
}

export interface OlderDeclaration {
  readonly version: string
  readonly columns: readonly Column[]
  readonly spec: SpecConversion
  /** The stored schema, and what the older one has besides. */
  readonly status?: { readonly stored: TSchema } & StatusDifferences
}

export function olderVersion({ version, columns, spec, status }: OlderDeclaration): OlderVersion {
  return {
    version,
    columns,
    spec: spec.spec,
    ...(status && { status: olderStatus(schemaOf(status.stored), status.fields) }),
    toStored: older => withStatus(spec.toStored(older), status && (value => storedStatus(value, status))),
    fromStored: stored => withStatus(spec.fromStored(stored), status && (value => shownStatus(value, status))),
  }
}

function withStatus(object: JsonObject, change: ((status: JsonObject) => JsonObject) | undefined): JsonObject {
  return change && isObject(object.status) ? { ...object, status: change(object.status) } : object
}

function storedStatus(older: JsonObject, { fields, taken }: StatusDifferences): JsonObject {
  return { ...taken(older), ...without(older, Object.keys(fields)) }
}

function shownStatus(stored: JsonObject, { shown }: StatusDifferences): JsonObject {
  return { ...stored, ...shown(stored) }
}

// An object of any kind of ours in another of its versions — core
import { kinds } from '../kinds.ts'
import { groupOf } from '../resource.ts'
import type { Kind } from '../schema/kind.ts'
import type { JsonObject } from './json.ts'

/** Pure, and at most a few times the size of what it is given. Throws an error that names what cannot be converted and why. */
export function convertObject(object: JsonObject, desiredApiVersion: string): JsonObject {
  const { apiVersion, kind: name } = object
  if (apiVersion === desiredApiVersion) return object
  const kind = kinds.find(one => one.kind === name && one.group === groupOf(String(apiVersion)))
  if (!kind) throw new Error(`kind: ${String(name)} of ${String(apiVersion)} is not known`)
  return { ...fromStored(toStored(object, kind), kind, desiredApiVersion), apiVersion: desiredApiVersion }
}

function toStored(object: JsonObject, { group, version, older }: Kind): JsonObject {
  if (object.apiVersion === `${group}/${version}`) return object
  if (older && object.apiVersion === `${group}/${older.version}`) return older.toStored(object)
  throw new Error(`apiVersion: ${String(object.apiVersion)} has no kind ${String(object.kind)}`)
}

function fromStored(stored: JsonObject, { group, version, older }: Kind, desired: string): JsonObject {
  if (desired === `${group}/${version}`) return stored
  if (older && desired === `${group}/${older.version}`) return older.fromStored(stored)
  throw new Error(`desiredAPIVersion: ${desired} has no kind ${String(stored.kind)}`)
}

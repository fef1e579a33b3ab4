// An object of any kind of ours in another of its versions — core
import { kinds } from '../kinds.ts'
import type { Kind } from '../schema/kind.ts'
import type { JsonObject } from './json.ts'

/** Pure, and at most a few times the size of what it is given. Throws an error that names what cannot be converted and why. */
export function convertObject(object: JsonObject, desiredApiVersion: string): JsonObject {
  const { apiVersion } = object
  if (apiVersion === desiredApiVersion) return object
  const kind = kindOf(object)
  if (!kind) throw new Error(`kind: ${String(object.kind)} of ${String(apiVersion)} is not known`)
  return { ...fromStored(toStored(object, kind), kind, desiredApiVersion), apiVersion: desiredApiVersion }
}

/** The kind of the object, in whichever of its versions; absent for those of others. */
export function kindOf({ apiVersion, kind: name }: JsonObject): Kind | undefined {
  return kinds.find(
    ({ kind, group, version, older }) =>
      kind === name && [version, older?.version].some(one => apiVersion === `${group}/${one}`),
  )
}

function toStored(object: JsonObject, { group, version, older }: Kind): JsonObject {
  return older && object.apiVersion !== `${group}/${version}` ? older.toStored(object) : object
}

function fromStored(stored: JsonObject, { group, version, older }: Kind, desired: string): JsonObject {
  if (desired === `${group}/${version}`) return stored
  if (older && desired === `${group}/${older.version}`) return older.fromStored(stored)
  throw new Error(`desiredAPIVersion: ${desired} has no kind ${String(stored.kind)}`)
}

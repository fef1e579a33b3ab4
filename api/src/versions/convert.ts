// An object of any kind of ours in another of its versions — core
import { kinds } from '../kinds.ts'
import type { Kind } from '../schema/kind.ts'
import { type HandedOn, handedOnOf, withoutTooDeep } from './handed-on.ts'
import type { JsonObject } from './json.ts'
import { markedTooLarge } from './kept.ts'

/**
 * Pure, and at most a few times the size of what it is given. A field that is handed on may be `tooDeep`: it is left out, as
 * what is too large is. Throws an error that names what cannot be converted and why.
 */
export function convertObject(object: JsonObject, desiredApiVersion: string): JsonObject {
  const { apiVersion } = object
  if (apiVersion === desiredApiVersion) return object
  const kind = kindOf(object)
  if (!kind) throw new Error(`kind: ${String(object.kind)} of ${String(apiVersion)} is not known`)
  const whole = withoutTooDeep(object, conversion.handedOn) as JsonObject
  const converted = fromStored(toStored(whole, kind), kind, desiredApiVersion)
  return {
    ...(whole === object ? converted : incomplete(converted, kind, desiredApiVersion)),
    apiVersion: desiredApiVersion,
  }
}

/** It may be read in the older version, and says so; nothing that is incomplete is stored. */
function incomplete(converted: JsonObject, { group, version }: Kind, desired: string): JsonObject {
  if (desired === `${group}/${version}`)
    throw new Error(`spec: nested too deep to be converted; write it in ${version}`)
  return markedTooLarge(converted)
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

/** What a webhook needs to convert whatever is stored, with what users write as they like left out of its sight. */
export const conversion: { readonly convert: typeof convertObject; readonly handedOn: HandedOn } = {
  convert: convertObject,
  handedOn: handedOnOf(kinds),
}

// Fields that take anything: conversions hand them on as they are, and nobody has to look into them — core
import { type Schema, schemaOf } from '../schema/faults.ts'
import type { Kind } from '../schema/kind.ts'
import { isObject, type JsonObject } from './json.ts'

/**
 * Where they are in an object, by field; `*` for each entry of a list. Of a kind, a list with any of them in its entries is
 * one itself: entries may be many.
 */
export interface HandedOn {
  readonly [field: string]: HandedOn | 'whole'
}

type Place = HandedOn[string]

/** Of objects of all these kinds. */
export function handedOnOf(kinds: readonly Kind[]): HandedOn {
  const places = kinds.map(({ spec }) => openIn({ properties: { spec: schemaOf(spec) } }) ?? {})
  return places.reduce(merged) as HandedOn
}

/** Absent: there is none. */
function openIn(schema: Schema): Place | undefined {
  if (schema['x-kubernetes-preserve-unknown-fields']) return 'whole'
  if (schema.items) return openIn(schema.items) && 'whole'
  const found = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const place = openIn(child)
    return place ? [[name, place] as const] : []
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

function merged(one: Place, other: Place): Place {
  if (one === 'whole' || other === 'whole') return 'whole'
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map(name => [name, merged(one[name] ?? {}, other[name] ?? {})]))
}

/** In place of one that is nested deeper than anybody reads. */
export const tooDeep = 'too-deep'

/** The very same value, unless one of them is too deep: it is left out. */
export function withoutTooDeep(value: unknown, place: Place): unknown {
  if (place === 'whole') return value === tooDeep ? undefined : value
  if (!isObject(value)) return value
  const fields = Object.keys(place).flatMap(name => (Object.hasOwn(value, name) ? [[name, place[name]] as const] : []))
  return fields.reduce<JsonObject>((made, [name, below]) => withField(made, name, below ?? {}), value)
}

function withField(object: JsonObject, name: string, place: Place): JsonObject {
  const { [name]: value, ...others } = object
  const left = withoutTooDeep(value, place)
  if (left === value) return object
  return left === undefined ? others : { ...object, [name]: left }
}

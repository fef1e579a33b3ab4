// The objects of a document: one, or those of a list — core
import { convertObject, type JsonObject, type Kind, kindOf } from '@k0smotron-ts/api'

export interface Placed {
  readonly object: JsonObject
  readonly path: readonly (string | number)[]
}

export function objectsIn(value: unknown): readonly Placed[] {
  if (!isObject(value)) return []
  if (!isList(value)) return [{ object: value, path: [] }]
  return value.items.flatMap((item, index) => (isObject(item) ? [{ object: item, path: ['items', index] }] : []))
}

/** The very same value when there is nothing to convert. */
export function converted(value: unknown): unknown {
  if (!isObject(value)) return value
  if (isList(value)) return convertedList(value)
  const kind = kindOf(value)
  return kind ? convertObject(value, storedVersion(kind)) : value
}

type List = JsonObject & { readonly items: readonly unknown[] }

/** As `kubectl get -o yaml` prints it, or as the API server answers for one of our kinds. */
function isList(value: JsonObject): value is List {
  return Array.isArray(value.items) && (value.kind === 'List' || listedKind(value) !== undefined)
}

function listedKind({ apiVersion, kind }: JsonObject): Kind | undefined {
  const [, name] = typeof kind === 'string' ? (/^(.*)List$/.exec(kind) ?? []) : []
  return kindOf({ apiVersion, kind: name })
}

function convertedList(list: List): unknown {
  const kind = listedKind(list)
  const items = list.items.map(converted)
  const apiVersion = kind ? storedVersion(kind) : list.apiVersion
  const isSame = apiVersion === list.apiVersion && items.every((item, index) => item === list.items[index])
  return isSame ? list : { ...list, ...(kind && { apiVersion }), items }
}

const storedVersion = ({ group, version }: Kind) => `${group}/${version}`

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

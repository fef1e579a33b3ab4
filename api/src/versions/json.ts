// Plain JSON values, read and changed by path; nothing is changed in place — core
import { parseJsonText } from '../json-text.ts'

export type JsonObject = Readonly<Record<string, unknown>>
export type Path = readonly string[]

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Absent where nothing is, and where something on the way is no object. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, step) => (isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined),
    value,
  )
}

/** The object with that value there; without it, when the value is absent. What is missing on the way is made. */
export function withValue(object: JsonObject, path: Path, value: unknown): JsonObject {
  const [step = '', ...rest] = path
  if (rest.length === 0) return value === undefined ? without(object, [step]) : { ...object, [step]: value }
  const child = object[step] ?? {}
  if (!isObject(child)) throw new Error(`${step}: must be an object`)
  return { ...object, [step]: withValue(child, rest, value) }
}

export function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

/** What `all` says and `said` does not; absent when that is nothing. A list counts as one value. */
export function unsaid(all: unknown, said: unknown): unknown {
  if (said === undefined) return all
  // what is carried over as it is may be nested deeper than a call stack is
  if (all === said || !isObject(all) || !isObject(said)) return undefined
  const rest = Object.entries(all).flatMap(([name, value]) => {
    const more = unsaid(value, valueAt(said, [name]))
    return more === undefined ? [] : [[name, more] as const]
  })
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}

/** What is said, and where it says nothing, what was kept: the opposite of `unsaid`. */
export function filled(said: unknown, kept: unknown): unknown {
  if (said === undefined) return kept
  if (!isObject(said) || !isObject(kept)) return said
  const names = new Set([...Object.keys(said), ...Object.keys(kept)])
  return Object.fromEntries([...names].map(name => [name, filled(valueAt(said, [name]), valueAt(kept, [name]))]))
}

/** Absent when the text is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return parseJsonText(text)
  } catch {
    return undefined
  }
}

/** The same value always gives the same text, whatever the order of its keys. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    isObject(node) ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) : node,
  )
}

// What we want an object to be, as a short text on the object itself — core
import { createHash } from 'node:crypto'
import type { KubeObject } from '@k0smotron-ts/api'

/** Carries the hash of what was last applied. A key of our own: k0smotron's hash annotation is left to k0smotron. */
export const intentAnnotation = 'k0smotron.io/intent'

/** The object with its own hash on it. Compute it last: after every change to what is wanted. */
export function withIntent<T extends KubeObject>(desired: T): T {
  const annotations = { ...desired.metadata.annotations, [intentAnnotation]: intentHash(desired) }
  return { ...desired, metadata: { ...desired.metadata, annotations } }
}

/** 32 hexadecimal digits; the same for every order of keys, and blind to null, `{}` and `[]`, which mean: not given. */
export function intentHash(desired: KubeObject): string {
  return createHash('sha256')
    .update(canonicalJson(stripEmpty(desired) ?? {}))
    .digest('hex')
    .slice(0, 32)
}

/** JSON with sorted keys. The value is JSON already: nothing in it has a `toJSON`. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

/** In a pass of its own: `JSON.stringify` is twice as slow with a function that it asks about each value. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isPlainObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key])]),
  )
}

/** Without nulls, empty objects and empty lists, at every depth; `undefined` when nothing is left. */
export function stripEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    // an empty entry keeps its place: the position of the others means something
    return value.length === 0 ? undefined : value.map(entry => stripEmpty(entry) ?? {})
  }
  if (!isPlainObject(value)) return value ?? undefined
  const entries: [string, unknown][] = []
  for (const key of Object.keys(value)) {
    const part = stripEmpty(value[key])
    if (part !== undefined) entries.push([key, part])
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

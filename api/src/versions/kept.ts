// What the stored version says and the older one cannot, kept in an annotation of the older object — core

import { faultsOf, type Schema } from '../schema/faults.ts'
import { mapAt, ofObject, withMap } from './annotations.ts'
import { type SpecDifferences, storedOnly } from './differences.ts'
import { filled, isObject, type JsonObject, parsedJson, sortedJson, unsaid, valueAt } from './json.ts'

/** Only on objects of an older version; never stored. */
export const conversionDataAnnotation = 'k0smotron.io/conversion-data'

/** The annotation of an older object that says `said` of what `stored` says; absent when that is all of it. */
export function keptText(stored: unknown, said: unknown): string | undefined {
  const kept = unsaid(stored, said)
  return kept === undefined ? undefined : sortedJson(kept)
}

/** All annotations of an object together, as the API server counts them; it refuses conversions that give more. */
const annotationsBytes = 262_144

/** In place of what does not fit. */
const tooLarge = 'too-large'

/**
 * With what is kept, if there is room for it; a mark instead says that there was none. One object that cannot be read
 * would keep everybody from listing, so the object comes in any case.
 */
export function withKeptText(annotations: JsonObject, kept: string | undefined): JsonObject {
  if (kept === undefined) return annotations
  const choices = [kept, tooLarge].map(text => ({ ...annotations, [conversionDataAnnotation]: text }))
  return choices.find(fits) ?? annotations
}

/** An object of the older version that came without some of what the stored one says. */
export function markedTooLarge(older: JsonObject): JsonObject {
  const { [conversionDataAnnotation]: _, ...others } = mapAt(older, ofObject)
  return withMap(older, ofObject, withKeptText(others, tooLarge))
}

function fits(annotations: JsonObject): boolean {
  const utf8 = new TextEncoder()
  const bytes = Object.entries(annotations).reduce((sum, entry) => sum + utf8.encode(entry.join('')).length, 0)
  return bytes <= annotationsBytes
}

/**
 * The spec with what was kept, wherever it says nothing itself: so what a client of the older version writes wins. The
 * annotation comes from a tenant, and the API server validates nothing that comes out of a conversion: only fields that
 * the older version does not have are taken, each only when it is valid. Nothing is refused, since a stored object that
 * could not be read would keep everybody from listing, but for one thing that is not stored: an object that lost what
 * did not fit.
 */
export function withKept(
  spec: JsonObject,
  text: unknown,
  { schema, ...differences }: SpecDifferences & { readonly schema: Schema },
): JsonObject {
  if (text === tooLarge) throw new Error(`metadata.annotations[${conversionDataAnnotation}]: ${whyRefused}`)
  const kept = typeof text === 'string' ? parsedJson(text) : undefined
  if (!isObject(kept)) return spec
  const names = storedOnly(differences).filter(name => Object.hasOwn(kept, name))
  const fields = names.map(name => [name, filled(valueAt(spec, [name]), kept[name])] as const)
  const good = fields.filter(([name, value]) => faultsOf(schema.properties?.[name] ?? {}, value, name).length === 0)
  return { ...spec, ...Object.fromEntries(good) }
}

const whyRefused =
  'some of the object does not fit into this version and its annotations, and would be lost; write it in v1beta2'

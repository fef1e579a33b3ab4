// Fields of the older version that the stored one has as annotations — core
import { faultsOf, schemaOf } from '../schema/faults.ts'
import type { SpecDifferences } from './differences.ts'
import { isObject, type JsonObject, parsedJson, sortedJson, valueAt, without, withValue } from './json.ts'

type Added = NonNullable<SpecDifferences['added']>

interface Parts {
  readonly spec: JsonObject
  readonly annotations: JsonObject
}

/** A field that is there wins over an annotation that is there. */
export function fieldsToAnnotations({ spec, annotations }: Parts, added: Added): Parts {
  const parent = spec[added.below]
  if (!isObject(parent)) return { spec, annotations }
  const names = Object.keys(added.fields).filter(name => parent[name] !== undefined)
  if (names.length === 0) return { spec, annotations }
  const made = names.map(name => [added.annotation + name, sortedJson(parent[name])])
  return {
    spec: { ...spec, [added.below]: without(parent, names) },
    annotations: { ...annotations, ...Object.fromEntries(made) },
  }
}

/**
 * An annotation that is no valid value of its field stays what it is; so does one without the field above: a Service that
 * is not configured is another than one that is.
 */
export function annotationsToFields({ spec, annotations }: Parts, added: Added): Parts {
  if (!isObject(spec[added.below])) return { spec, annotations }
  const found = Object.keys(added.fields).flatMap(name => {
    const value = addedValue(annotations, name, added)
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    spec: found.reduce((made, [name, value]) => withValue(made, [added.below, name], value), spec),
    annotations: without(
      annotations,
      found.map(([name]) => added.annotation + name),
    ),
  }
}

/** What the annotation of such a field says; absent when it is not there or no valid value. */
export function addedValue(annotations: JsonObject, name: string, { fields, annotation }: Added): unknown {
  const text = valueAt(annotations, [annotation + name])
  const value = typeof text === 'string' ? parsedJson(text) : undefined
  return value !== undefined && faultsOf(schemaOf(fields[name] ?? {}), value, name).length === 0 ? value : undefined
}

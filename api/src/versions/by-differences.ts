// A spec in both versions, by what differs — core
import type { TSchema } from 'typebox'
import { type Schema, schemaOf } from '../schema/faults.ts'
import { annotationsToFields, fieldsToAnnotations } from './added.ts'
import { mapAt, ofObject, withMap } from './annotations.ts'
import type { Place, SpecDifferences } from './differences.ts'
import { isObject, type JsonObject, valueAt, without, withValue } from './json.ts'
import { conversionDataAnnotation, keptText, withKept, withKeptText } from './kept.ts'
import type { SpecConversion } from './older.ts'
import { olderSpec } from './older-schema.ts'
import { olderSpecOf, storedSpec } from './spec.ts'

interface Difference {
  readonly place: Place
  readonly differences: SpecDifferences
  /** Of the stored fields. */
  readonly fields: Schema
}

export function byDifferences(stored: TSchema, place: Place, differences: SpecDifferences): SpecConversion {
  const schema = schemaOf(stored)
  const [, ...below] = place.spec
  const fields = valueAt(
    schema,
    below.flatMap(step => ['properties', step]),
  ) as Schema
  const difference = { place, differences, fields }
  return {
    spec: olderSpec(schema, below, differences),
    toStored: older => toStored(older, difference),
    fromStored: object => fromStored(object, difference),
  }
}

function toStored(older: JsonObject, { place, differences, fields }: Difference): JsonObject {
  const kept = valueAt(older, [...ofObject, conversionDataAnnotation])
  const object = withMap(older, ofObject, without(mapAt(older, ofObject), [conversionDataAnnotation]))
  const all = valueAt(object, place.spec)
  if (!isObject(all)) return object
  const parts = { spec: all, annotations: mapAt(object, place.annotations) }
  const { spec, annotations } = differences.added ? fieldsToAnnotations(parts, differences.added) : parts
  const said = storedSpec(spec, differences)
  const whole = withKept(said, kept, { ...differences, schema: fields })
  return withMap(withValue(object, place.spec, whole), place.annotations, annotations)
}

function fromStored(stored: JsonObject, { place, differences }: Difference): JsonObject {
  const all = valueAt(stored, place.spec)
  if (!isObject(all)) return stored
  const said = olderSpecOf(all, differences)
  const kept = keptText(all, storedSpec(said, differences))
  const parts = { spec: said, annotations: mapAt(stored, place.annotations) }
  const { spec, annotations } = differences.added ? annotationsToFields(parts, differences.added) : parts
  const object = withMap(withValue(stored, place.spec, spec), place.annotations, annotations)
  const own = without(mapAt(object, ofObject), [conversionDataAnnotation])
  return withMap(object, ofObject, withKeptText(own, kept))
}

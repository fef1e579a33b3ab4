// The schema of an older version, made from the stored one and what differs — core
import { type Schema, schemaOf } from '../schema/faults.ts'
import { type SpecDifferences, type StatusDifferences, storedOnly } from './differences.ts'
import { type Path, valueAt, without, withValue } from './json.ts'

type Properties = Readonly<Record<string, Schema>>

/** `path`: where the fields that differ are below the spec; a template has them further down. */
export function olderSpec(stored: Schema, path: Path, differences: SpecDifferences): Schema {
  const place = path.flatMap(step => ['properties', step])
  const fields = place.length === 0 ? stored : (valueAt(stored, place) as Schema)
  const older = olderFields(fields, differences)
  return place.length === 0 ? older : (withValue(stored as never, place, older) as Schema)
}

export function olderStatus(stored: Schema, fields: StatusDifferences['fields'] = {}): Schema {
  return { ...stored, properties: { ...stored.properties, ...propertiesOf(fields) } }
}

function propertiesOf(fields: StatusDifferences['fields']): Properties {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]))
}

function olderFields(stored: Schema, differences: SpecDifferences): Schema {
  const { moved, rules, added } = differences
  const { 'x-kubernetes-validations': _, ...rest } = stored
  const names = namesOf(moved)
  const properties: Properties = {
    ...(without((stored.properties ?? {}) as never, storedOnly(differences)) as Properties),
    ...Object.fromEntries(Object.entries(moved).map(([name, path]) => [name, renamed(fieldAt(stored, path), names)])),
  }
  return {
    ...rest,
    properties: added ? withFields(properties, added.below, propertiesOf(added.fields)) : properties,
    ...(rules.length > 0 && { 'x-kubernetes-validations': rules }),
  }
}

function fieldAt(stored: Schema, path: string): Schema {
  return valueAt(
    stored,
    path.split('.').flatMap(step => ['properties', step]),
  ) as Schema
}

/** By the last step of where it is stored: descriptions call fields by that. */
function namesOf(moved: SpecDifferences['moved']): ReadonlyMap<string, string> {
  return new Map(Object.entries(moved).map(([name, path]) => [path.split('.').at(-1) ?? '', name]))
}

function renamed(schema: Schema, names: ReadonlyMap<string, string>): Schema {
  const description = (schema.description ?? '').replaceAll(/[A-Za-z0-9]+/g, word => names.get(word) ?? word)
  return { ...schema, description }
}

function withFields(properties: Properties, name: string, fields: Properties): Properties {
  const parent = properties[name] ?? {}
  return { ...properties, [name]: { ...parent, properties: { ...parent.properties, ...fields } } }
}

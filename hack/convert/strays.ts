// Fields that have no effect in the version of their object — core
import { convertObject, type JsonObject, type Kind, kindOf, unknownFields } from '@k0smotron-ts/api'
import { type Document, isMap, isScalar } from 'yaml'
import type { Placed } from './objects.ts'
import type { Read } from './read.ts'

export interface Stray {
  readonly line: number
  readonly message: string
}

export function straysOf({ object, path }: Placed, { document, lineOf }: Read): Stray[] {
  const kind = kindOf(object)
  if (!kind) return []
  const { group, version, older } = kind
  const isOlder = object.apiVersion !== `${group}/${version}`
  const strays = fieldsOf(object, isOlder && older ? older : kind)
  const inStored = isOlder ? fieldsOf(convertObject(object, `${group}/${version}`), kind).map(String) : undefined
  return strays.map(field => {
    const known = inStored && !inStored.includes(String(field)) ? `; ${version} does, and there it has an effect` : ''
    const message = `${named(field)}: ${String(object.apiVersion)} does not know the field${known}`
    return { line: lineOf(offsetOf(document, [...path, ...field])), message }
  })
}

type Field = readonly (string | number)[]

function fieldsOf(
  object: JsonObject,
  { spec, status }: Pick<Kind, 'spec' | 'status'> | NonNullable<Kind['older']>,
): readonly Field[] {
  const top = Object.keys(object).filter(name => !['apiVersion', 'kind', 'metadata', 'spec', 'status'].includes(name))
  return [
    ...top.map(name => [name]),
    ...unknownFields(spec, object.spec).map(field => ['spec', ...field]),
    ...(status ? unknownFields(status, object.status).map(field => ['status', ...field]) : []),
  ]
}

function named(field: Field): string {
  return field.map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step)).join('')
}

/** Of a field behind an alias: where the alias is. */
function offsetOf(document: Document, field: Field): number {
  if (field.length === 0) return 0
  const above = field.slice(0, -1)
  const parent = document.getIn(above, true)
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === field.at(-1)) : undefined
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(document, above)
}

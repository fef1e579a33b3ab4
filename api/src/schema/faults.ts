// What is wrong with a value, by its schema: what the API server would say, for values that reach us past its validation — core
import type { Rule } from './fields.ts'

/** A schema as plain JSON, with what `structural.ts` lets it have. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: Schema
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-validations'?: readonly Rule[]
}

/** A schema as `fields.ts` makes it is one as it stands; its type says other things of it. */
export function schemaOf(declared: object): Schema {
  return declared
}

/** Each as `path: what is wrong`. A rule is checked where it says in TypeScript too what it says in CEL. */
export function faultsOf(schema: Schema, value: unknown, path: string): string[] {
  const own = ownFault(schema, value)
  if (own !== undefined) return [`${path}: ${own}`]
  const below = Array.isArray(value) ? faultsOfItems(schema, value, path) : faultsOfFields(schema, value, path)
  return below.length > 0 ? below : faultsOfRules(schema, value, path)
}

/** The way to each field that the schema does not know; nothing else is checked. */
export function unknownFields(schema: object, value: unknown): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) => {
    const step = Array.isArray(value) ? Number(name) : name
    const below = Array.isArray(value) ? schemaOf(schema).items : fieldOf(schemaOf(schema), name)
    if (below) return unknownFields(below, child).map(path => [step, ...path])
    return Array.isArray(value) || isOpen(schema) ? [] : [[step]]
  })
}

function ownFault(schema: Schema, value: unknown): string | undefined {
  if (!isOfType(schema, value))
    return `must be ${schema['x-kubernetes-int-or-string'] ? 'integer or string' : schema.type}`
  if (schema.enum && !schema.enum.includes(value)) return `must be one of ${schema.enum.join(', ')}`
  if (typeof value === 'string') return textFault(schema, value)
  if (typeof value === 'number') return numberFault(schema, value)
  return Array.isArray(value) ? listFault(schema, value) : mapFault(schema, value as object)
}

function isOfType({ type, ...schema }: Schema, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string']) return Number.isSafeInteger(value) || typeof value === 'string'
  if (type === 'integer') return Number.isSafeInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return type === undefined || typeof value === type
}

function textFault({ minLength = 0, maxLength, pattern, format }: Schema, value: string): string | undefined {
  const { length } = Array.from(value)
  if (length < minLength) return `must have ${minLength} characters or more`
  if (maxLength !== undefined && length > maxLength) return `must have ${maxLength} characters or fewer`
  if (pattern !== undefined && !new RegExp(pattern).test(value)) return `must match ${pattern}`
  return format === 'date-time' && Number.isNaN(Date.parse(value)) ? 'must be a time' : undefined
}

function numberFault({ minimum, maximum, format }: Schema, value: number): string | undefined {
  const max = format === 'int32' ? Math.min(maximum ?? Infinity, 2 ** 31 - 1) : maximum
  if (minimum !== undefined && value < minimum) return `must be ${minimum} or more`
  return max !== undefined && value > max ? `must be ${max} or less` : undefined
}

function listFault({ minItems = 0, maxItems, ...schema }: Schema, value: readonly unknown[]): string | undefined {
  if (value.length < minItems) return `must have ${minItems} entries or more`
  if (maxItems !== undefined && value.length > maxItems) return `must have ${maxItems} entries or fewer`
  const keys = schema['x-kubernetes-list-map-keys']
  if (!keys) return undefined
  const names = value.map(item => JSON.stringify(keys.map(key => (item as Record<string, unknown> | null)?.[key])))
  return new Set(names).size < names.length ? `must have no two entries with the same ${keys.join(' and ')}` : undefined
}

function mapFault({ maxProperties, required = [] }: Schema, value: object): string | undefined {
  if (typeof value !== 'object') return undefined
  const missing = required.find(name => !Object.hasOwn(value, name))
  if (missing !== undefined) return `must have ${missing}`
  return maxProperties !== undefined && Object.keys(value).length > maxProperties
    ? `must have ${maxProperties} keys or fewer`
    : undefined
}

function faultsOfItems({ items }: Schema, value: readonly unknown[], path: string): string[] {
  return items ? value.flatMap((item, index) => faultsOf(items, item, `${path}[${index}]`)) : []
}

function faultsOfFields(schema: Schema, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) => {
    const childSchema = fieldOf(schema, name)
    if (childSchema) return faultsOf(childSchema, child, `${path}.${name}`)
    return isOpen(schema) ? [] : [`${path}.${name}: is not known`]
  })
}

function faultsOfRules(schema: Schema, value: unknown, path: string): string[] {
  const broken = (schema['x-kubernetes-validations'] ?? []).filter(({ isMet }) => isMet && !isMet(value as never))
  return broken.map(({ message, fieldPath = '' }) => `${path}${fieldPath}: ${message}`)
}

function fieldOf({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  return properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties
}

function isOpen(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true
}

// Any value that a schema allows, for property tests — core
import fc from 'fast-check'
import { faultsOf, type Schema } from '../schema/faults.ts'

/** Valid by the schema, and by the rules that have a twin in TypeScript. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  return anyOf(schema).filter(value => faultsOf(schema, value, '').length === 0)
}

/** What breaks a rule is thrown away where the rule is: a whole object would seldom meet all of them. */
function anyOf(schema: Schema): fc.Arbitrary<unknown> {
  const made = anyOfType(schema)
  return schema['x-kubernetes-validations'] ? made.filter(value => faultsOf(schema, value, '').length === 0) : made
}

function anyOfType(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema['x-kubernetes-int-or-string']) return fc.constantFrom(2, '1Gi', '500m', '1000m')
  if (schema.type === 'object') return objects(schema)
  if (schema.type === 'array')
    return fc.array(anyOf(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 })
  if (schema.type === 'integer') return integers(schema)
  return schema.type === 'boolean' ? fc.boolean() : texts(schema)
}

function integers({ minimum = 0, maximum = 2 ** 31 - 1 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(minimum), fc.integer({ min: minimum, max: maximum }))
}

/** What is in a pattern or in a rule does not come by chance. */
function texts(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === 'date-time') return fc.constantFrom('2026-01-02T03:04:05Z', '1970-01-01T00:00:00Z')
  if (schema.pattern !== undefined || schema['x-kubernetes-validations'])
    return fc.constantFrom('10.0.0.1', 'Sample', 'a', '2h', '10h', '')
  return fc.string({
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 8, 8),
    unit: 'grapheme',
  })
}

function objects(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.additionalProperties)
    return fc.dictionary(keys, anyOf(schema.additionalProperties), { maxKeys: 3, noNullPrototype: true })
  const { properties = {}, required = [] } = schema
  const fields = Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, anyOf(child)]))
  const known = fc.record(fields, { requiredKeys: [...required], noNullPrototype: true })
  if (!schema['x-kubernetes-preserve-unknown-fields']) return known
  const more = fc.dictionary(keys, fc.jsonValue({ maxDepth: 2, noUnicodeString: false } as never), {
    maxKeys: 2,
    noNullPrototype: true,
  })
  return fc.tuple(more, known).map(([extra, value]) => ({ ...extra, ...value }))
}

const keys = fc.oneof(
  fc.constantFrom('a', 'example.org/b', '__proto__', 'constructor', 'toString'),
  fc.string({ maxLength: 4 }),
)

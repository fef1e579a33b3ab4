// What the API server and we ourselves demand of a CRD schema — core
import { isStructuralKeyword } from './structural.ts'

type Schema = Readonly<Record<string, unknown>>

/** The faults of a schema, each as `path: what is wrong`; an empty list means structural, described and bounded. */
export function lintSchema(schema: Schema, path: string): string[] {
  return [
    ...keywordFaults(schema).map(fault => `${path}: ${fault}`),
    ...childrenOf(schema).flatMap(([name, child]) => lintSchema(child, `${path}${name}`)),
  ]
}

function keywordFaults(schema: Schema): string[] {
  const unknown = Object.keys(schema).filter(keyword => !isStructuralKeyword(keyword))
  return [
    ...unknown.map(keyword => `${keyword} is not allowed in a structural schema`),
    ...(schema['x-kubernetes-int-or-string'] || typeof schema.type === 'string' ? [] : ['has no type']),
    ...(typeof schema.description === 'string' && schema.description !== '' ? [] : ['has no description']),
    ...boundFaults(schema),
  ]
}

/** Without a bound the API server estimates the cost of a CEL rule as infinite, and refuses the CRD. */
function boundFaults(schema: Schema): string[] {
  const bounds: Readonly<Record<string, string>> = { string: 'maxLength', array: 'maxItems' }
  const bound = schema.additionalProperties ? 'maxProperties' : bounds[String(schema.type)]
  const bounded = bound === undefined || schema.enum || schema.format === 'date-time' || schema[bound] !== undefined
  return bounded ? [] : [`has no ${bound}`]
}

function childrenOf(schema: Schema): [string, Schema][] {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, Schema>>)
  return [
    ...properties.map(([name, child]): [string, Schema] => [`.${name}`, child]),
    ...(schema.items ? [['[]', schema.items as Schema] satisfies [string, Schema]] : []),
    ...(schema.additionalProperties ? [['{}', schema.additionalProperties as Schema] satisfies [string, Schema]] : []),
  ]
}

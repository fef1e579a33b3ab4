// Schema building blocks whose JSON is a structural CRD schema as it stands — core
import { type TArray, type TObject, type TProperties, type TSchema, type TUnsafe, Type } from 'typebox'
import type { ValueOf } from './value.ts'

/** A CEL rule of the API server (`x-kubernetes-validations[]`); `self` is the value that carries it. */
export interface Rule {
  readonly rule: string
  readonly message: string
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate'
  readonly fieldPath?: string
  readonly optionalOldSelf?: boolean
  /** The same in TypeScript, for values that reach us past the API server's validation. */
  readonly isMet?: (self: never) => boolean
}

interface Described {
  /** The CRD description; starts with the serialized name of the field. */
  readonly description: string
  readonly rules?: readonly Rule[]
}

type Keywords = Record<string, unknown>

function keywords({ rules, ...rest }: Described & Keywords): Keywords {
  return rules ? { ...rest, 'x-kubernetes-validations': rules } : rest
}

interface TextOptions extends Described {
  readonly maxLength?: number
  readonly minLength?: number
  readonly pattern?: string
  readonly default?: string
}

/** Text; 1,024 characters at most unless told: CEL rules are refused by the API server where a length has no bound. */
export function text(options: TextOptions): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', maxLength: 1024, ...keywords({ ...options }) })
}

/** One of a closed list of words. */
export function choice<const T extends string>(
  values: readonly T[],
  options: Described & { readonly default?: T },
): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: [...values], ...keywords({ ...options }) })
}

interface IntegerOptions extends Described {
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: number
}

/** A 32-bit integer. */
export function integer(options: IntegerOptions): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', format: 'int32', ...keywords({ ...options }) })
}

/** A 64-bit integer: counters that the API server keeps, such as generations. */
export function longInteger(options: IntegerOptions): TUnsafe<number> {
  return Type.Unsafe<number>({ type: 'integer', format: 'int64', ...keywords({ ...options }) })
}

export function flag(options: Described & { readonly default?: boolean }): TUnsafe<boolean> {
  return Type.Unsafe<boolean>({ type: 'boolean', ...keywords({ ...options }) })
}

/** RFC 3339 text. */
export function timestamp(options: Described): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', format: 'date-time', ...keywords({ ...options }) })
}

/** An amount such as `1Gi` or `500m`; the API server takes a bare number too. */
export function quantity(options: Described): TUnsafe<number | string> {
  return Type.Unsafe<number | string>({
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
    'x-kubernetes-int-or-string': true,
    maxLength: 32,
    ...keywords({ ...options }),
  })
}

/** An object with free keys, all of one type. */
export function mapOf<T extends TSchema>(
  values: T,
  options: Described & { readonly maxProperties?: number },
): TUnsafe<Record<string, ValueOf<T>>> {
  return Type.Unsafe<Record<string, ValueOf<T>>>({
    type: 'object',
    additionalProperties: values,
    maxProperties: 64,
    ...keywords({ ...options }),
  })
}

/** A type of another API: the API server keeps every key; `known` says which must be there and of what type. */
export function preserved<const T extends TProperties>(known: T, options: Described): TObject<T> {
  return Type.Object(known, { 'x-kubernetes-preserve-unknown-fields': true, ...keywords({ ...options }) })
}

export function record<const T extends TProperties>(properties: T, options: Described): TObject<T> {
  return Type.Object(properties, keywords({ ...options }))
}

interface ListOptions extends Described {
  readonly maxItems?: number
  readonly minItems?: number
}

/** A list whose order matters; a writer replaces it as a whole. */
export function listOf<T extends TSchema>(items: T, options: ListOptions): TArray<T> {
  return Type.Array(items, { maxItems: 100, 'x-kubernetes-list-type': 'atomic', ...keywords({ ...options }) })
}

/** A list of objects told apart by `keys`; several writers can own entries of their own. */
export function listMapOf<T extends TSchema>(keys: readonly string[], items: T, options: ListOptions): TArray<T> {
  return Type.Array(items, {
    maxItems: 100,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [...keys],
    ...keywords({ ...options }),
  })
}

/** May be absent; absence stays visible, nothing fills it in. */
export const optional = Type.Optional

// The TypeScript type of a value that a schema describes — core
import type { TArray, TObject, TSchema, TUnsafe } from 'typebox'

/** Read-only all the way down: a renderer that edits its input does not compile. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T

/**
 * Typebox's own `Static` looks for some twenty kinds of schema before it comes to ours, at each field of each spec: most of
 * the compiler's time went there. `fields.ts` makes these three.
 */
export type ValueOf<Schema> =
  Schema extends TUnsafe<infer Value>
    ? Immutable<Value>
    : Schema extends TArray<infer Item>
      ? readonly ValueOf<Item>[]
      : Schema extends TObject<infer Properties>
        ? ObjectValue<Properties>
        : never

type ObjectValue<Properties> = Flat<
  { readonly [Key in RequiredKey<Properties>]: ValueOf<Properties[Key]> } & {
    readonly [Key in OptionalKey<Properties>]?: ValueOf<Properties[Key]>
  }
>

type Flat<T> = { [Key in keyof T]: T[Key] }

type OptionalKey<Properties> = {
  [Key in keyof Properties]: Properties[Key] extends TSchema & { '~optional': true } ? Key : never
}[keyof Properties]

type RequiredKey<Properties> = Exclude<keyof Properties, OptionalKey<Properties>>

// In which other words the older version of a kind says what the stored one says — core

import type { TSchema } from 'typebox'
import type { Rule } from '../schema/fields.ts'
import type { JsonObject, Path } from './json.ts'

export interface SpecDifferences {
  /** Fields of the older spec, and where the stored spec has them: `storage.etcd`. */
  readonly moved: Readonly<Record<string, string>>
  /** Fields of the stored spec, beside those that moved, that the older version does not have. */
  readonly absent: readonly string[]
  /** The older version has no word for it: a field of the stored spec has this value when one of `by` says something. */
  readonly implied: { readonly path: string; readonly value: string; readonly by: readonly string[] }
  /** Fields below one of the older spec that the stored version has as annotations, each as JSON. */
  readonly added?: {
    readonly below: string
    readonly fields: Readonly<Record<string, TSchema>>
    readonly annotation: string
  }
  /** Rules on the whole older spec. */
  readonly rules: readonly Rule[]
}

export interface StatusDifferences {
  /** Fields of the older status that the stored one does not have; all others are the same. */
  readonly fields: Readonly<Record<string, TSchema>>
  /** Their values. */
  readonly shown: (stored: JsonObject) => JsonObject
  /** Fields of the stored status that an object of the older version did not have. */
  readonly taken: (older: JsonObject) => JsonObject
}

/** Where a kind has its spec, and the annotations of the object that it describes. */
export interface Place {
  readonly spec: Path
  readonly annotations: Path
}

export const ofTheObject: Place = { spec: ['spec'], annotations: ['metadata', 'annotations'] }

/** Cluster API copies both to the objects that it makes. */
export const ofTheTemplate: Place = {
  spec: ['spec', 'template', 'spec'],
  annotations: ['spec', 'template', 'metadata', 'annotations'],
}

/** The fields of the stored spec that the older one does not have under that name. */
export function storedOnly({ moved, absent }: SpecDifferences): readonly string[] {
  return [...new Set([...Object.values(moved).map(path => path.split('.')[0] ?? ''), ...absent])]
}

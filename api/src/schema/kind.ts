// One declaration per API type: TypeScript type and CRD come from it — core
import type { TSchema } from 'typebox'
import type { KubeObject } from '../meta.ts'
import type { ResourceType } from '../resource.ts'
import type { JsonObject } from '../versions/json.ts'
import type { Schema } from './faults.ts'
import type { ValueOf } from './value.ts'

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string
  readonly jsonPath: string
  readonly type: 'string' | 'integer' | 'date' | 'boolean'
  readonly description: string
  /** Above 0: only with `-o wide`. */
  readonly priority?: number
}

export const ageColumn: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since creation',
}

/** A version that is still served beside the stored one, and says the same in other words. */
export interface OlderVersion {
  readonly version: string
  readonly spec: Schema
  readonly status?: Schema
  readonly columns: readonly Column[]
  /** Whole objects in either direction, but for their `apiVersion`. What the other version cannot say is kept in annotations. */
  readonly toStored: (older: JsonObject) => JsonObject
  readonly fromStored: (stored: JsonObject) => JsonObject
}

export interface KindDeclaration<Spec extends TSchema, Status extends TSchema | undefined> {
  readonly group: string
  /** The one that is stored, and that our own clients use. */
  readonly version: string
  readonly older?: OlderVersion
  readonly kind: string
  readonly description: string
  readonly spec: Spec
  readonly status?: Status
  readonly columns: readonly Column[]
  readonly scale?: {
    readonly specReplicasPath: string
    readonly statusReplicasPath: string
    readonly labelSelectorPath: string
  }
  readonly labels: Readonly<Record<string, string>>
  readonly shortNames?: readonly string[]
}

type StatusOf<Status> = Status extends TSchema ? { readonly status?: ValueOf<Status> } : unknown

export interface Kind<Spec extends TSchema = TSchema, Status extends TSchema | undefined = TSchema | undefined>
  extends KindDeclaration<Spec, Status>,
    ResourceType<KubeObject & { readonly spec: ValueOf<Spec> } & StatusOf<Status>> {}

/** The object type of a declared kind. */
export type ObjectOf<K> =
  K extends Kind<infer Spec, infer Status> ? KubeObject & { readonly spec: ValueOf<Spec> } & StatusOf<Status> : never

/**
 * Declares a kind. The plural is the one that Cluster API core computes from the kind (contract rule: CRD name is
 * `<lower-case plural>.<group>`), so it cannot be chosen.
 */
export function kind<Spec extends TSchema, Status extends TSchema | undefined = undefined>(
  declaration: KindDeclaration<Spec, Status>,
): Kind<Spec, Status> {
  return { ...declaration, plural: `${declaration.kind.toLowerCase()}s`, namespaced: true }
}

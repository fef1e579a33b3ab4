// How kinds are declared: fields, whole kinds, their CRDs — core
export { crdOf } from './schema/crd.ts'
export { type Schema, schemaOf } from './schema/faults.ts'
export * from './schema/fields.ts'
export * from './schema/kind.ts'
export * from './schema/shared-fields.ts'

// Whether an object is what its apiVersion and kind say — core
import { faultsOf, schemaOf } from '../schema/faults.ts'
import { kindOf } from './convert.ts'
import type { JsonObject } from './json.ts'

/** By the schema of one of our kinds, as the API server checks it before it asks anybody. */
export function isOfItsKind(object: JsonObject): boolean {
  const kind = kindOf(object)
  const version = [kind, kind?.older].find(one => object.apiVersion === `${kind?.group}/${one?.version}`)
  const parts = (['spec', 'status'] as const).filter(name => object[name] !== undefined)
  return (
    version !== undefined && parts.every(name => faultsOf(schemaOf(version[name] ?? {}), object[name], '').length === 0)
  )
}

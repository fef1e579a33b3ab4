// Whether an object has to be applied again — core
import type { KubeObject } from '@k0smotron-ts/api'
import { intentAnnotation } from './intent.ts'
import { fieldsOf, holdsAll, type Owner } from './owned-fields.ts'

/** Why an object is applied; `unchanged` means that it is not. */
export type Need = 'absent' | 'changed' | 'taken' | 'unchanged'

/**
 * `desired` carries its intent (`withIntent`). `changed`: the live copy was made from another intent. `taken`: someone
 * else wrote one of our fields, and so it left our entry of managedFields.
 *
 * A second pass, an idle hour and a restart give `unchanged`, whatever the server made of the values.
 */
export function needOf(desired: KubeObject, live: KubeObject | undefined, owner: Owner): Need {
  if (!live) return 'absent'
  const { annotations } = desired.metadata
  if (live.metadata.annotations?.[intentAnnotation] !== annotations?.[intentAnnotation]) return 'changed'
  const fields = fieldsOf(live, owner)
  return fields && holdsAll(fields, appliedPart(desired)) ? 'unchanged' : 'taken'
}

/** What managedFields can hold: identity is not among it. */
function appliedPart({ apiVersion: _, kind: __, metadata, ...rest }: KubeObject): object {
  const { name: ___, namespace: ____, ...ours } = metadata
  return { ...rest, metadata: ours }
}

// The objects in which kube-apiserver reads whom to trust, as they are now — core
import type { KubeObject, ResourceType } from '@k0smotron-ts/api'
import { nameSelector } from '../../cache/selection.ts'
import type { JsonPatch } from '../../client/types.ts'
import type { Reader, Wake } from '../../contract/types.ts'
import { wakeOn } from '../../contract/wake.ts'
import type { WebhookDeclaration } from '../declaration.ts'
import {
  type ConvertedDefinition,
  convertedDefinitions,
  injection,
  placesInConfiguration,
  placesInDefinition,
  validatingConfigurations,
  type Wanted,
} from './injection.ts'

/** An object, and what is to change in it. */
export interface Injection {
  readonly type: ResourceType
  readonly object: KubeObject
  readonly patch: JsonPatch
}

/** Where they may not be read, the certificates are made all the same, and whoever installs writes the authority down. */
export function wakesOfTrusting({ definitions, validating }: WebhookDeclaration, keys: Wake['keys']): readonly Wake[] {
  const optional = true
  return [
    ...definitions.map(name => {
      const fieldSelector = nameSelector(name)
      return wakeOn({ type: convertedDefinitions, fieldSelector, keep: withoutSchemas }, keys, { optional })
    }),
    wakeOn({ type: validatingConfigurations, fieldSelector: nameSelector(validating.name) }, keys, { optional }),
  ]
}

/** A schema is a thousand times the rest. */
function withoutSchemas({ spec, ...rest }: ConvertedDefinition): ConvertedDefinition {
  return { ...rest, spec: { ...(spec?.conversion && { conversion: spec.conversion }) } }
}

/** What is missing; an object that is not there, or may not be read, needs nothing. */
export function injections(
  { definitions, validating }: WebhookDeclaration,
  wanted: Wanted,
  read: Pick<Reader, 'get'>,
): readonly Injection[] {
  const all = [
    ...definitions.map(name => {
      const object = read.get(convertedDefinitions, { name })
      return { type: convertedDefinitions, object, places: object ? placesInDefinition(object) : [] }
    }),
    ...[validating.name].map(name => {
      const object = read.get(validatingConfigurations, { name })
      return { type: validatingConfigurations, object, places: object ? placesInConfiguration(object) : [] }
    }),
  ]
  return all.flatMap(({ type, object, places }) => {
    const patch = object ? injection(object, places, wanted) : []
    return object && patch.length > 0 ? [{ type, object, patch }] : []
  })
}

/** Whether all of them could be read. */
export function areReadable(read: Pick<Reader, 'unreadable'>): boolean {
  return [convertedDefinitions, validatingConfigurations].every(type => read.unreadable(type) === undefined)
}

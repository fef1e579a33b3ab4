// What an answer has to look like before anybody trusts its type — core
import type { KubeObject } from '@k0smotron-ts/api'
import { AnswerError } from './json.ts'

type JsonObject = Readonly<Record<string, unknown>>

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every object of Kubernetes has metadata, a Status too. */
export function requireMetadata<T>(value: T): T {
  const metadata = isJsonObject(value) ? value.metadata : undefined
  if (!isJsonObject(metadata) || typeof (metadata.resourceVersion ?? '') !== 'string')
    throw new AnswerError('malformed', 'no Kubernetes object')
  return value
}

/** An object of a list or watch: without its name nobody knows which one it is. */
export function requireIdentity<T extends KubeObject>(object: T): T {
  const { name, namespace }: { name?: unknown; namespace?: unknown } = requireMetadata(object).metadata
  if (typeof name !== 'string' || name === '' || typeof (namespace ?? '') !== 'string')
    throw new AnswerError('malformed', 'an object without a readable name')
  return object
}

/** Where a list stands. */
export interface ListPosition {
  readonly resourceVersion: string
  readonly continue?: string
}

/**
 * The list without its items. What is no list must not count as an empty one: all that is known would be taken for
 * deleted. Items that are left were not seen as such.
 */
export function listPosition(list: unknown): ListPosition {
  const { metadata, items } = isJsonObject(list) ? list : {}
  const { resourceVersion, continue: more = '' } = isJsonObject(metadata) ? metadata : {}
  const isEmptied = items === null || (Array.isArray(items) && items.length === 0)
  if (!isEmptied || typeof resourceVersion !== 'string' || resourceVersion === '' || typeof more !== 'string')
    throw new AnswerError('malformed', 'no list')
  return { resourceVersion, ...(more !== '' && { continue: more }) }
}

// Whether a list-watch would bring an object — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { Selection } from '../watch/types.ts'
import { parseLabelSelector } from './label-selector.ts'

/** A field selector for the one object of that name. The name comes from users and must not become another selector. */
export function nameSelector(name: string): string {
  return `metadata.name=${name.replaceAll(/[\\,=]/g, String.raw`\$&`)}`
}

/**
 * True only when it is sure. Of field selectors only `nameSelector`'s are understood, because the server knows fields of
 * each kind that we do not: what we wrote ourselves is then learned from the watch, a moment later.
 */
export function selects({ namespace, labelSelector = '', fieldSelector }: Selection): (object: KubeObject) => boolean {
  const labelsMatch = parseLabelSelector(labelSelector)
  return ({ metadata }) =>
    (namespace === undefined || metadata.namespace === namespace) &&
    labelsMatch(metadata.labels ?? {}) &&
    (fieldSelector === undefined || fieldSelector === nameSelector(metadata.name ?? ''))
}

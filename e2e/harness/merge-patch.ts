// Changes to manifests, as a person would make them with a patch of kustomize — core
import type { KubeObject } from '@k0smotron-ts/api'

/** By kind, a JSON merge patch (RFC 7386) for every object of it. */
export type Changes = Readonly<Record<string, object>>

export function changed(objects: readonly KubeObject[], changes: Changes): readonly KubeObject[] {
  return objects.map(object => merged(object, changes[object.kind] ?? {}) as KubeObject)
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch
  const result: Record<string, unknown> = isMapping(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merged(result[key], value)
  }
  return result
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Where the API server serves a kind — core
import type { ObjectKey, ResourceType } from '@k0smotron-ts/api'

/** `/api/v1/namespaces/<ns>/secrets`; without a namespace, all of them. */
export function collectionPath(type: ResourceType, namespace?: string): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`
  if (namespace === undefined) return `${root}/${type.plural}`
  if (!type.namespaced) throw new Error(`${type.kind} is not namespaced, but was asked for in namespace ${namespace}`)
  return `${root}/namespaces/${segment(namespace)}/${type.plural}`
}

export function objectPath(type: ResourceType, { namespace, name }: ObjectKey, subresource?: string): string {
  if (type.namespaced && namespace === undefined)
    throw new Error(`${type.kind} ${name} was asked for without a namespace`)
  const path = `${collectionPath(type, namespace)}/${segment(name)}`
  return subresource ? `${path}/${subresource}` : path
}

/** `?a=b&c=d` of what is set; empty when nothing is. */
export function query(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value))
  return search.size > 0 ? `?${search.toString()}` : ''
}

/** Names come from users: none may turn into another path. An empty one would list, `..` would climb. */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..') throw new Error(`${JSON.stringify(name)} is not a name`)
  return encodeURIComponent(name)
}

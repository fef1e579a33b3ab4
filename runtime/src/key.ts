// Names of objects as queue and logs write them — core
import type { KubeObject, ObjectKey } from '@k0smotron-ts/api'

/** The key under which the object is found. */
export function keyOf({ metadata: { namespace, name = '' } }: KubeObject): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name }
}

/** The key of an object of that name in the namespace of another. */
export function beside({ metadata: { namespace } }: KubeObject, name: string): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name }
}

/** `namespace/name`, or the name alone of a cluster-scoped object. Neither part can hold a slash. */
export function printKey({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** The opposite of `printKey`. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/')
  return slash < 0 ? { name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) }
}

/** Of a printed key; empty for a cluster-scoped object. */
export function namespaceOf(key: string): string {
  return parseKey(key).namespace ?? ''
}

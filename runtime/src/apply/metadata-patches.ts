// JSON patches of an object's metadata, and what refuses them when the object is not as it was seen — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { GuardedPatch } from '../contract/types.ts'

type Operations = GuardedPatch['operations']

/** Refused when the object is another one, or was changed since we looked. */
export function guards({ metadata: { uid, resourceVersion } }: KubeObject): Operations {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
  ]
}

/** None when it is there. */
export function finalizerAddition({ metadata: { finalizers } }: KubeObject, finalizer: string): Operations {
  if (finalizers?.includes(finalizer)) return []
  return finalizers
    ? [{ op: 'add', path: '/metadata/finalizers/-', value: finalizer }]
    : [{ op: 'add', path: '/metadata/finalizers', value: [finalizer] }]
}

/** Refused when the object is another one, or the finalizer moved to another place in the list meanwhile. */
export function finalizerRemoval({ metadata }: KubeObject, finalizer: string): GuardedPatch | undefined {
  const index = metadata.finalizers?.indexOf(finalizer) ?? -1
  if (index < 0) return undefined
  const path = `/metadata/finalizers/${index}`
  return {
    operations: [
      { op: 'test', path: '/metadata/uid', value: metadata.uid },
      { op: 'test', path, value: finalizer },
      { op: 'remove', path },
    ],
  }
}

export function annotationAddition(
  { metadata: { annotations } }: KubeObject,
  added: Readonly<Record<string, string>>,
): Operations {
  if (!annotations) return [{ op: 'add', path: '/metadata/annotations', value: added }]
  return Object.entries(added).map(([name, value]) => ({ op: 'add', path: annotationPath(name), value }))
}

export function annotationRemoval(name: string): Operations {
  return [{ op: 'remove', path: annotationPath(name) }]
}

function annotationPath(name: string): string {
  return `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

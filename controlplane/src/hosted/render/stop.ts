// Stops the pods of a StatefulSet that cannot be rendered as it should be — core
import { type Effect, guards, type StatefulSet, statefulSets } from '@k0smotron-ts/runtime'

/** `concerns`: the condition that a refusal belongs to. */
export function stopLive(set: StatefulSet | undefined, concerns: string): readonly Effect[] {
  if (!set || set.spec?.replicas === 0) return []
  const operations = [...guards(set), { op: 'add' as const, path: '/spec/replicas', value: 0 }]
  return [{ type: statefulSets, object: set, change: { patch: { operations } }, concerns }]
}

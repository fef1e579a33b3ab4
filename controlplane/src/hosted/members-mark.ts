// The annotation by which it stays known, without who wrote the number of replicas, that members stay against it — core
import { type KubeObject, keepsMembersAnnotation } from '@k0smotron-ts/api'
import type { Observed } from './observed.ts'

export interface MembersMark {
  readonly marks: Readonly<Record<string, string>>
  /** Annotations that do not hold any more. */
  readonly outdated: readonly string[]
}

/** Set before anything takes away who wrote the number; it goes when that is another one. */
export function membersMark({ metadata }: KubeObject, hosted: Observed): MembersMark {
  const number = String(hosted.spec.replicas ?? 1)
  const markedAt = metadata.annotations?.[keepsMembersAnnotation]
  if (markedAt === number) return { marks: {}, outdated: [] }
  const isKept = hosted.keepsMembers === true && hosted.datastore.hasSurplus?.(hosted) === true
  if (isKept) return { marks: { [keepsMembersAnnotation]: number }, outdated: [] }
  return { marks: {}, outdated: markedAt === undefined ? [] : [keepsMembersAnnotation] }
}

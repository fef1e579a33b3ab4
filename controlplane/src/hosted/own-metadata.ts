// A write to the metadata of our own object, whichever kind it is — core
import type { KubeObject } from '@k0smotron-ts/api'
import {
  annotationAddition,
  annotationRemoval,
  finalizerAddition,
  type GuardedPatch,
  guards,
} from '@k0smotron-ts/runtime'

interface OwnMetadata {
  readonly finalizer: string
  /** Annotations that it is to have. */
  readonly marks: Readonly<Record<string, string>>
  /** Annotations that do not hold any more; those that are not there cost nothing. */
  readonly outdated: readonly string[]
}

/** `undefined`: all of it is there. */
export function metadataPatch(
  object: KubeObject,
  { finalizer, marks, outdated }: OwnMetadata,
): GuardedPatch | undefined {
  const { annotations = {} } = object.metadata
  const additions = [
    ...finalizerAddition(object, finalizer),
    ...(Object.keys(marks).length > 0 ? annotationAddition(object, marks) : []),
    ...outdated.filter(name => annotations[name] !== undefined).flatMap(annotationRemoval),
  ]
  return additions.length === 0 ? undefined : { operations: [...guards(object), ...additions] }
}

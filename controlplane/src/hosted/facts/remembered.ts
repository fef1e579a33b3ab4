// What to do where only our own object remembers a datastore — core
import { datastoreFormedAnnotation } from '@k0smotron-ts/api'
import type { Observed } from '../observed.ts'

/** To follow what is lost; empty where more than the annotation tells of a datastore. */
export function annotationRemedy({ datastoreSet, memory }: Observed): string {
  if (!memory.datastoreFormed || memory.initialized || datastoreSet) return ''
  return `; only this object's annotation ${datastoreFormedAnnotation} tells of a datastore, which an exported manifest carries too: for a new control plane, take it off`
}

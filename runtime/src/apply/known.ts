// What we know of the objects that we apply — core
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'

/** Live copies, from the cache wherever it can tell. */
export interface Known {
  typeOf(object: KubeObject): ResourceType
  /**
   * The live copy. Where the cache holds only objects with certain labels, its not knowing one proves nothing: then the
   * server is asked, so that an object of someone else is never taken over.
   */
  live(type: ResourceType, key: ObjectKey): Promise<KubeObject | undefined>
}

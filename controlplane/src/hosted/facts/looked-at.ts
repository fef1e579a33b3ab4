// Whether what a status says is of the object as it is now — core
import type { ObjectMeta } from '@k0smotron-ts/api'

interface Seen {
  readonly metadata: ObjectMeta
  readonly status?: { readonly observedGeneration?: number }
}

/** Kubernetes has looked at it since its spec was changed last. */
export function isLookedAt({ metadata, status }: Seen): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0)
}

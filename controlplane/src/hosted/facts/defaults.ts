// What is used where a spec says nothing — core
import type { StatefulSet } from '@k0smotron-ts/runtime'

/** Ports of a Service that gets no allocated ones; k0smotron's. */
export const defaultPorts = { api: 30443, konnectivity: 30132 } as const

/** For a kind whose spec may leave the version out. The newest release of the last minor that this release knows whole. */
export const newestK0sVersion = 'v1.36.3+k0s.1'

/** Repository of k0s's image; the tag is the version. */
export const defaultK0sRepository = 'quay.io/k0sproject/k0s'

export const defaultEtcdImage = 'quay.io/k0sproject/etcd:v3.7.1'

export const defaultEtcdVolumeSize = '1Gi'

/** On a StatefulSet whose image was a default: only then does the live one win over a release's new default. */
const defaultImageAnnotation = 'k0smotron.io/default-image'

export interface ResolvedImage {
  readonly repository: string
  /** Go onto the StatefulSet. */
  readonly annotations?: Readonly<Record<string, string>>
}

/** A release with another default rolls nothing; taking the user's image out of the spec gives the default again. */
export function resolveImage(
  asked: string | undefined,
  fallback: string,
  live: StatefulSet | undefined,
): ResolvedImage {
  if (asked) return { repository: asked }
  const repository = live?.metadata.annotations?.[defaultImageAnnotation] ?? fallback
  return { repository, annotations: { [defaultImageAnnotation]: repository } }
}

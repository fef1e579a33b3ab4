// Defaults of images, resolved once — core
import type { StatefulSet } from '@k0smotron-ts/runtime'

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

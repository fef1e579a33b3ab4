// Which version a Cluster runs whose spec names none — core
import { defaultVersionAnnotation, type K0smotronCluster, parseK0sVersion, printK0sVersion } from '@k0smotron-ts/api'
import type { StatefulSet } from '@k0smotron-ts/runtime'
import { newestK0sVersion } from '../../hosted/facts/defaults.ts'
import { k0sVersionAnnotation } from '../../hosted/facts/k0s-version.ts'

/**
 * What runs goes on running: a later release of this operator knows a newer version, and a version that is taken out of the
 * spec was rolled out already. Our annotation remembers it where no pods are. `undefined`: the spec has one.
 */
export function defaultVersion(
  { spec, metadata }: K0smotronCluster,
  k0sSet: StatefulSet | undefined,
): string | undefined {
  if (spec.version?.trim()) return undefined
  const remembered = parsed(metadata.annotations?.[defaultVersionAnnotation])
  return versionOfSet(k0sSet) ?? remembered ?? newestK0sVersion
}

/** The template of k0smotron has no annotation: there the tag of the image tells. */
function versionOfSet(set: StatefulSet | undefined): string | undefined {
  const { metadata, spec } = set?.spec?.template ?? {}
  const image = spec?.containers?.find(({ name }) => name === 'controller')?.image
  return parsed(metadata?.annotations?.[k0sVersionAnnotation]) ?? parsed(image?.split(':').at(-1))
}

function parsed(text: string | undefined): string | undefined {
  const version = text === undefined ? undefined : parseK0sVersion(text)
  return version && printK0sVersion(version, 'plus')
}

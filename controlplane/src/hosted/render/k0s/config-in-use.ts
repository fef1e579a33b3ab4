// Which live object has the configuration that a pod of k0s reads at start — core
import type { KubeObject } from '@k0smotron-ts/api'
import type { ConfigMap } from '@k0smotron-ts/runtime'
import { configLabel } from '../../identity.ts'
import type { Observed } from '../../observed.ts'

/**
 * Whether a pod, a revision of the StatefulSet or its newest template refers to the configuration; `undefined`: the object
 * is none. Without the StatefulSet nothing tells which one was the last.
 */
export function isConfigInUse(observed: Observed, { kind, metadata }: KubeObject): boolean | undefined {
  const hash = metadata.labels?.[configLabel]
  const isShared = kind === 'ConfigMap' && metadata.name === observed.names.config
  if (hash === undefined && !isShared) return undefined
  if (!observed.k0sSet) return true
  return isShared ? isSharedInUse(observed) : hashesInUse(observed).includes(hash ?? '')
}

/** Of the newest template. */
function hashInUse({ k0sSet }: Pick<Observed, 'k0sSet'>): string | undefined {
  return k0sSet?.spec?.template?.metadata?.labels?.[configLabel]
}

function hashesInUse(observed: Observed): readonly string[] {
  return [hashInUse(observed) ?? [], observed.configsInUse].flat()
}

/** Earlier releases kept all configurations in it: whatever has no object of its own, or says no hash at all, reads it. */
function isSharedInUse(observed: Observed): boolean {
  const { k0sPods, k0sSet, names } = observed
  const isNamed = k0sSet?.spec?.template?.spec?.volumes?.some(({ configMap }) => configMap?.name === names.config)
  const hasUnmarkedPod = k0sPods.some(({ metadata }) => metadata.labels?.[configLabel] === undefined)
  return isNamed || hasUnmarkedPod || hashesInUse(observed).some(hash => !ownObject(observed, hash))
}

function ownObject({ configMaps }: Observed, hash: string): ConfigMap | undefined {
  return configMaps.find(({ metadata }) => metadata.labels?.[configLabel] === hash)
}

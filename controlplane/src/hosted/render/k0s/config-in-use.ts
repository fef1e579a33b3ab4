// Which live object has the configuration that a pod of k0s reads at start — core
import { decodeBase64, type KubeObject } from '@k0smotron-ts/api'
import type { ConfigMap, KubeSecret } from '@k0smotron-ts/runtime'
import { configLabel } from '../../identity.ts'
import type { Observed } from '../../observed.ts'

/** `k0s.yaml` of the configuration with the hash. Earlier releases kept all of them in one object, the hash in front. */
export function k0sConfigWith(observed: Observed, hash: string): string | undefined {
  const own = ownObject(observed, hash)
  return (own && filesOf(own)['k0s.yaml']) ?? sharedObject(observed)?.data?.[`${hash}.k0s.yaml`]
}

/** Of all configurations that there are. */
export function k0sConfigsLeft({ configMaps, configSecrets }: Observed): readonly string[] {
  const files = [...configMaps, ...configSecrets].flatMap(object => Object.entries(filesOf(object)))
  return files.flatMap(([file, text]) => (/(^|\.)k0s\.yaml$/.test(file) ? text : []))
}

/** The name of the object that the live StatefulSet reads, be it there or not. */
export function configObjectInUse({ k0sSet, names }: Observed): string {
  const volume = k0sSet?.spec?.template?.spec?.volumes?.find(({ name }) => name === 'config')
  return volume?.configMap?.name ?? volume?.secret?.secretName ?? names.config
}

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
export function hashInUse({ k0sSet }: Pick<Observed, 'k0sSet'>): string | undefined {
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

function ownObject({ configMaps, configSecrets }: Observed, hash: string): ConfigMap | KubeSecret | undefined {
  return [...configMaps, ...configSecrets].find(({ metadata }) => metadata.labels?.[configLabel] === hash)
}

function filesOf({ kind, data = {} }: ConfigMap | KubeSecret): Readonly<Record<string, string>> {
  if (kind !== 'Secret') return data
  return Object.fromEntries(Object.entries(data).map(([file, value]) => [file, decodeBase64(value)]))
}

function sharedObject({ configMaps, names }: Observed): ConfigMap | undefined {
  return configMaps.find(({ metadata }) => metadata.name === names.config)
}

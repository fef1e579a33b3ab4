// The configuration of k0s, immutable per revision — core
import { createHash } from 'node:crypto'
import { type ConfigMap, canonicalJson } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { metadataOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { authenticationConfig, isProbedOverHTTPS } from './authentication.ts'
import { type K0sConfigInput, k0sClusterConfig } from './cluster-config.ts'
import { placeholder } from './stacks.ts'

/** What a k0s pod reads at start, and the hash that names it. */
export interface K0sConfig {
  readonly hash: string
  /** File name → content. */
  readonly files: Readonly<Record<string, string>>
}

/** The same observation gives the same bytes, and so the same hash. */
export function k0sConfigOf(observed: Observed, input: K0sConfigInput): K0sConfig {
  const files = {
    'k0s.yaml': yaml(k0sClusterConfig(observed, input)),
    ...(isProbedOverHTTPS(observed, input.version) && { 'authentication.yaml': yaml(authenticationConfig) }),
  }
  return { hash: createHash('sha256').update(canonicalJson(files)).digest('hex').slice(0, 10), files }
}

function yaml(value: object): string {
  return dump(value, { lineWidth: -1, noRefs: true, sortKeys: true })
}

/** The key of a file in the ConfigMap: a new configuration gets new keys, the old ones stay for the old pods. */
export function configKey(hash: string, file: string): string {
  return `${hash}.${file}`
}

/** Makes users other than root unknown in the pod: k0s would chown keys to them, which takes more capabilities. */
const accounts = { passwd: 'root:x:0:0:root:/:/sbin/nologin\n', group: 'root:x:0:\n' } as const

/**
 * The files of this configuration, and those of every other that a pod or a revision still refers to: an old pod that
 * restarts in the middle of an upgrade must find the file it was made for.
 */
export function renderK0sConfig(observed: Observed, { hash, files }: K0sConfig): ConfigMap {
  const name = observed.names.config
  const inUse = (key: string) => observed.configsInUse.some(used => key.startsWith(`${used}.`))
  const kept = Object.entries(observed.k0sConfig?.data ?? {}).filter(([key]) => inUse(key))
  const current = Object.entries(files).map(([file, content]) => [configKey(hash, file), content] as const)
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(observed, name, 'cluster-config'),
    data: { ...accounts, placeholder, ...Object.fromEntries([...kept, ...current]) },
  }
}

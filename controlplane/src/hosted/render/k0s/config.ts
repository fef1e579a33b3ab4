// The configuration of k0s, immutable per revision — core
import { createHash } from 'node:crypto'
import { type ConfigMap, canonicalJson } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { configLabel, metadataOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { type K0sConfigInput, k0sClusterConfig } from './cluster-config.ts'
import { authenticationConfig } from './probes.ts'
import { placeholder, stackFiles } from './stacks.ts'

/** What a k0s pod reads at start, and the object that has it. */
export interface K0sConfig {
  /** Of the ConfigMap: a new configuration is a new object. */
  readonly name: string
  readonly hash: string
  /** File name → content. */
  readonly files: Readonly<Record<string, string>>
  /** Paths below `manifests/` at which the pod finds the file `placeholder`. */
  readonly placeholders: readonly string[]
  /** Why the API server would refuse it; absent when it fits. */
  readonly fault?: string
}

/** Makes users other than root unknown in the pod: k0s would chown keys to them, which takes more capabilities. */
const accounts = { passwd: 'root:x:0:0:root:/:/sbin/nologin\n', group: 'root:x:0:\n' } as const

/** The same observation gives the same bytes, and so the same hash. */
export function k0sConfigOf(observed: Observed, input: K0sConfigInput): K0sConfig {
  const files = {
    ...accounts,
    placeholder,
    'k0s.yaml': yaml(k0sClusterConfig(observed, input)),
    ...(input.isProbedOverHTTPS && { 'authentication.yaml': yaml(authenticationConfig) }),
  }
  const hash = createHash('sha256').update(canonicalJson(files)).digest('hex').slice(0, 10)
  const fault = faultOfSize(files)
  return {
    name: `${observed.names.config}-${hash}`,
    hash,
    files,
    placeholders: stackFiles(observed, input.version),
    ...(fault !== undefined && { fault }),
  }
}

function yaml(value: object): string {
  return dump(value, { lineWidth: -1, noRefs: true, sortKeys: true })
}

/** What Kubernetes lets the data of a ConfigMap be, in bytes. */
const largest = 1024 * 1024

function faultOfSize(files: K0sConfig['files']): string | undefined {
  const bytes = Object.entries(files).reduce((sum, [file, text]) => sum + Buffer.byteLength(file + text), 0)
  if (bytes <= largest) return undefined
  const size = Math.ceil(bytes / 1024)
  return `spec.k0sConfig makes a configuration of ${size} KiB, and a ConfigMap holds at most ${largest / 1024} KiB; shorten it`
}

/**
 * Immutable, and an object of its own for each configuration: an old pod that restarts in the middle of an upgrade finds
 * the files that it was made for, and several large configurations are there at once. The label tells which ones are in
 * use.
 */
export function renderK0sConfig(observed: Observed, { name, hash, files }: K0sConfig): ConfigMap {
  const { labels, ...metadata } = metadataOf(observed, name, 'cluster-config')
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadata, labels: { ...labels, [configLabel]: hash } },
    immutable: true,
    data: { ...files },
  }
}

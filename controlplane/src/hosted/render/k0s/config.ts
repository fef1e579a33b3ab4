// The configuration of k0s, immutable per revision — core
import { createHash } from 'node:crypto'
import { encodeBase64 } from '@k0smotron-ts/api'
import { type ConfigMap, canonicalJson, type KubeSecret } from '@k0smotron-ts/runtime'
import { dump } from 'js-yaml'
import { configLabel, metadataOf } from '../../identity.ts'
import type { Observed } from '../../observed.ts'
import { keyedHash } from '../../pki/made-with.ts'
import { type K0sConfigInput, k0sClusterConfig } from './cluster-config.ts'
import { authenticationConfig } from './probes.ts'
import { placeholder, stackFiles } from './stacks.ts'

/** What a k0s pod reads at start, and the object that has it. */
export interface K0sConfig {
  /** What can hold it: a password belongs into a Secret. */
  readonly kind: 'ConfigMap' | 'Secret'
  /** Of the object: a new configuration is a new one. */
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
  const kind = observed.datastore.isSecret ? 'Secret' : 'ConfigMap'
  const hash = hashOf(observed, kind, canonicalJson(files)).slice(0, 10)
  const fault = faultOfSize(kind, files)
  return {
    kind,
    name: `${observed.names.config}-${hash}`,
    hash,
    files,
    placeholders: stackFiles(observed, input.version),
    ...(fault !== undefined && { fault }),
  }
}

/** A plain hash of what is secret would let everybody who reads names try passwords. */
function hashOf({ secrets }: Observed, kind: K0sConfig['kind'], text: string): string {
  return kind === 'Secret' ? keyedHash(secrets, text) : createHash('sha256').update(text).digest('hex')
}

function yaml(value: object): string {
  return dump(value, { lineWidth: -1, noRefs: true, sortKeys: true })
}

/** What Kubernetes lets the data of a ConfigMap or a Secret be, in bytes. */
const largest = 1024 * 1024

function faultOfSize(kind: K0sConfig['kind'], files: K0sConfig['files']): string | undefined {
  const bytes = Object.entries(files).reduce((sum, [file, text]) => sum + Buffer.byteLength(file + text), 0)
  if (bytes <= largest) return undefined
  const size = Math.ceil(bytes / 1024)
  return `spec.k0sConfig makes a configuration of ${size} KiB, and a ${kind} holds at most ${largest / 1024} KiB; shorten it`
}

/**
 * Immutable, and an object of its own for each configuration: an old pod that restarts in the middle of an upgrade finds
 * the files that it was made for, and several large configurations are there at once. The label tells which ones are in
 * use.
 */
export function renderK0sConfig(observed: Observed, { kind, name, hash, files }: K0sConfig): ConfigMap | KubeSecret {
  const { labels, ...named } = metadataOf(observed, name, 'cluster-config')
  const metadata = { ...named, labels: { ...labels, [configLabel]: hash } }
  if (kind === 'ConfigMap') return { apiVersion: 'v1', kind, metadata, immutable: true, data: { ...files } }
  const data = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, encodeBase64(text)]))
  return { apiVersion: 'v1', kind, metadata, immutable: true, type: 'Opaque', data }
}

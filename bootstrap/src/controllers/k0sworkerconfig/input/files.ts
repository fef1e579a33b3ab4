// Reads the contents that the spec refers to, once everything else is there — shell
import { dataSecret, type K0sWorkerConfig, type KubeObject, type ResourceType } from '@k0smotron-ts/api'
import {
  type Applied,
  beside,
  type ConfigMap,
  configMaps,
  type KubeSecret,
  limits,
  type Shell,
  secrets,
  type Wait,
} from '@k0smotron-ts/runtime'
import { attempt } from '@k0smotron-ts/runtime/shell'
import type { File } from '../../../cloudinit/types.ts'
import { maxSecretBytes, sizeWait } from '../data/data-size.ts'
import type { Observed } from '../observed.ts'
import { faultOfName, faultOfSecret, isKeyOf } from './not-for-machines.ts'

/** References of one config that are watched by name. Of a config with more, only what is missing is watched. */
const maxWatched = limits.configWatches.value

/** All files with their contents; or why not yet, and what was refused. */
export type ReadFiles =
  | { readonly files: readonly File[] }
  | { readonly wait: Wait | undefined; readonly applied: readonly Applied[] }

/** One object that the spec refers to, with every reference to it. */
interface Referenced {
  readonly type: ResourceType<KubeSecret> | ResourceType<ConfigMap>
  readonly name: string
  readonly references: { readonly index: number; readonly key: string }[]
}

/**
 * One object at a time, and no further than a Secret can hold: what is read stays in memory for no longer than the pass.
 */
export async function readFiles({ config, cluster }: Observed, shell: Shell): Promise<ReadFiles> {
  const objects = referencedBy(config)
  const keys = objects.find(({ type, name }) => type === secrets && isKeyOf(cluster?.metadata.name, name))
  if (keys) return { wait: refusal(keys, faultOfName), applied: [] }
  const contents: Content[] = []
  for (const object of objects) {
    const mayWatch = contents.filter(({ bytes }) => !bytes).length < maxWatched
    const { applied, result } = await read(config, shell, {
      object,
      isWatched: objects.length <= maxWatched,
      mayWatch,
    })
    if (!result) return { wait: undefined, applied: [applied] }
    contents.push(...contentsOf(object, result.live))
    const wait = notForMachines(object, result.live) ?? tooMuch(contents)
    if (wait) return { wait, applied: [] }
  }
  const wait = missingWait(contents)
  return wait ? { wait, applied: [] } : { files: filesOf(config, contents) }
}

/** What one reference gave. */
interface Content {
  readonly index: number
  /** Where it was looked for. */
  readonly place: string
  /** Absent: it is missing. */
  readonly bytes?: Uint8Array
}

function contentsOf(object: Referenced, live: Live | undefined): readonly Content[] {
  return object.references.map(({ index, key }) => {
    const bytes = bytesIn(object, live, key)
    return { index, place: `key ${key} of ${object.type.kind} ${object.name}`, ...(bytes && { bytes }) }
  })
}

function tooMuch(contents: readonly Content[]): Wait | undefined {
  const parts = contents.map(({ index, bytes }) => ({ field: fieldOf(index), bytes: bytes?.length ?? 0 }))
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  return total > maxSecretBytes ? sizeWait(total, parts) : undefined
}

function fieldOf(index: number): string {
  return `spec.files[${index}].contentFrom`
}

function referencedBy({ spec }: K0sWorkerConfig): readonly Referenced[] {
  const objects = new Map<string, Referenced>()
  for (const [index, { contentFrom }] of (spec.files ?? []).entries()) {
    const { secretRef, configMapRef } = contentFrom ?? {}
    const reference = secretRef ?? configMapRef
    if (!reference) continue
    const type = secretRef ? secrets : configMaps
    const id = `${type.kind} ${reference.name}`
    const object = objects.get(id) ?? { type, name: reference.name, references: [] }
    object.references.push({ index, key: reference.key })
    objects.set(id, object)
  }
  return [...objects.values()]
}

interface Reading {
  readonly object: Referenced
  readonly isWatched: boolean
  readonly mayWatch: boolean
}

/** What is read without a watch and is missing gets one: its coming must wake us. */
function read(config: K0sWorkerConfig, shell: Shell, { object: { type, name }, isWatched, mayWatch }: Reading) {
  const key = beside(config, name)
  const kind = type as ResourceType<KubeSecret & ConfigMap>
  return attempt<{ readonly live: Live | undefined }>({
    object: { apiVersion: 'v1', kind: type.kind, metadata: key } as KubeObject,
    concerns: dataSecret.dataSecretAvailable,
    write: async () => {
      if (isWatched) return { live: await shell.read.referenced(kind, key) }
      const live = await shell.client.get(kind, key)
      return { live: live ?? (mayWatch ? await shell.read.referenced(kind, key) : undefined) }
    },
  })
}

type Live = Partial<Pick<KubeSecret, 'type' | 'metadata'>> & Pick<ConfigMap, 'data' | 'binaryData'>

function notForMachines(object: Referenced, live: Live | undefined): Wait | undefined {
  const fault = object.type === secrets && live ? faultOfSecret(object.name, live) : undefined
  return fault === undefined ? undefined : refusal(object, fault)
}

function refusal({ name, references: [first] }: Referenced, fault: string): Wait {
  const message = `${fieldOf(first?.index ?? 0)} refers to Secret ${name}${fault}`
  return { reason: dataSecret.dataSecretReason.invalidSpec, message }
}

function bytesIn({ type }: Referenced, live: Live | undefined, key: string): Uint8Array | undefined {
  const [value, binary] = [live?.data?.[key], live?.binaryData?.[key]]
  if (value !== undefined) return Buffer.from(value, type.kind === 'Secret' ? 'base64' : 'utf8')
  return binary === undefined ? undefined : Buffer.from(binary, 'base64')
}

const maxNamed = 5

function missingWait(contents: readonly Content[]): Wait | undefined {
  const missing = contents.flatMap(({ bytes, place }) => (bytes ? [] : [place]))
  if (missing.length === 0) return undefined
  const rest = missing.length > maxNamed ? `, and ${missing.length - maxNamed} more` : ''
  const message = `waiting for ${missing.slice(0, maxNamed).join(', ')}${rest}`
  return { reason: dataSecret.dataSecretReason.waitingForReference, message }
}

function filesOf({ spec }: K0sWorkerConfig, contents: readonly Content[]): readonly File[] {
  const found = new Map(contents.map(({ index, bytes }) => [index, bytes]))
  return (spec.files ?? []).map(({ path, content = '', permissions }, index) => ({
    path,
    content: found.get(index) ?? content,
    permissions: permissions || '0644',
  }))
}

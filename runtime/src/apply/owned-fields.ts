// Which fields of an object are ours, read from metadata.managedFields (structured merge diff, FieldsV1) — core
import { type KubeObject, type ManagedFieldsEntry, parseJsonText } from '@k0smotron-ts/api'
import { canonicalJson, isPlainObject, stripEmpty } from './intent.ts'

/** A FieldsV1 tree: `f:` names a field, `k:` a list entry by its keys, `v:` a member of a set, `.` the thing itself. */
export type Fields = Readonly<Record<string, unknown>>

export interface Owner {
  readonly manager: string
  readonly subresource?: 'status'
}

/** The fields that the manager holds by server-side apply; `undefined` when it never applied the object. */
export function fieldsOf(live: KubeObject, { manager, subresource }: Owner): Fields | undefined {
  return live.metadata.managedFields?.find(
    entry =>
      entry.manager === manager && entry.operation === 'Apply' && (entry.subresource ?? '') === (subresource ?? ''),
  )?.fieldsV1
}

/** Whether the manager has applied the object. */
export function isAppliedBy(live: KubeObject, manager: string): boolean {
  return fieldsOf(live, { manager }) !== undefined
}

/** Everyone else who wrote the object, latest first. */
export function otherManagers(live: KubeObject, { manager, subresource }: Owner): string[] {
  const others = (live.metadata.managedFields ?? []).filter(
    entry =>
      entry.manager !== undefined && entry.manager !== manager && (entry.subresource ?? '') === (subresource ?? ''),
  )
  return [...new Set(others.sort(latestFirst).map(({ manager: name = '' }) => name))]
}

/** Whether every leaf of `value` is in the tree. Values are never compared: the server rewrites `1000m` to `1`. */
export function holdsAll(fields: Fields, value: unknown): boolean {
  const wanted = stripEmpty(value)
  return wanted === undefined || holds(fields, wanted)
}

function holds(fields: unknown, value: unknown): boolean {
  if (!isPlainObject(fields)) return false
  if (isLeaf(fields)) return true
  if (Array.isArray(value)) return value.every(entry => holdsEntry(fields, entry))
  if (!isPlainObject(value)) return true
  return Object.entries(value).every(([key, part]) => holds(fields[`f:${key}`], part))
}

/** `f:x: {}`: a leaf, or a list or map that is owned as one. `k:…: {}`: an entry that is, such as an owner reference. */
function isLeaf(fields: Fields): boolean {
  return Object.keys(fields).length === 0
}

function holdsEntry(fields: Fields, entry: unknown): boolean {
  if (!isPlainObject(entry)) return `v:${JSON.stringify(entry)}` in fields
  const keyed = keyedBy(fields, entry)
  return keyed !== undefined && holds(keyed[1], entry)
}

function keyedBy(fields: Fields, entry: Fields): [string, unknown] | undefined {
  return Object.entries(fields).find(([key]) => key.startsWith('k:') && hasKeys(entry, key.slice(2)))
}

/** A port without a protocol is keyed by the server's default. */
const keyDefaults: Readonly<Record<string, unknown>> = { protocol: 'TCP' }

function hasKeys(entry: Fields, keys: string): boolean {
  return Object.entries(parseJsonText(keys) as Fields).every(
    ([key, value]) => (entry[key] ?? keyDefaults[key]) === value,
  )
}

/** Whether the tree has a leaf that `value` lacks: something that we applied once and do not want any more. */
export function holdsMore(fields: Fields, value: unknown): boolean {
  return Object.entries(fields).some(([key, below]) => key !== '.' && isMissing(key, below as Fields, value))
}

function isMissing(key: string, below: Fields, value: unknown): boolean {
  const part = partOf(key, value)
  return part === undefined || holdsMore(below, part)
}

/**
 * Whether what the tree holds of `wanted` has the same value in `live`; what others hold does not matter. A leaf of the
 * tree is compared as a whole: a list that is owned as one has no entries below it whose loss would show.
 */
export function agrees(fields: unknown, wanted: unknown, live: unknown): boolean {
  if (!isPlainObject(fields)) return false
  if (isLeaf(fields)) return canonicalJson(wanted) === canonicalJson(live)
  if (Array.isArray(wanted)) return wanted.every(entry => entryAgrees(fields, entry, live))
  if (!isPlainObject(wanted)) return false
  return Object.entries(wanted).every(([key, part]) => agrees(fields[`f:${key}`], part, partOf(`f:${key}`, live)))
}

function entryAgrees(fields: Fields, entry: unknown, live: unknown): boolean {
  if (!isPlainObject(entry)) return partOf(`v:${JSON.stringify(entry)}`, live) !== undefined
  const [key, below] = keyedBy(fields, entry) ?? ['k:{}', undefined]
  return agrees(below, entry, partOf(key, live))
}

function partOf(key: string, value: unknown): unknown {
  const name = key.slice(2)
  if (key.startsWith('f:')) return isPlainObject(value) ? value[name] : undefined
  if (!Array.isArray(value)) return undefined
  if (key.startsWith('k:')) return value.find(entry => isPlainObject(entry) && hasKeys(entry, name))
  return value.find(entry => JSON.stringify(entry) === name)
}

function latestFirst(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (b.time ?? '').localeCompare(a.time ?? '')
}

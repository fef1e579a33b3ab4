// What each operation of the client sends — core
import type { KubeObject, ObjectKey, ResourceType } from '@k0smotron-ts/api'
import { pods } from '../kinds.ts'
import type { Exchange } from './exchange.ts'
import { collectionPath, objectPath, query } from './resource-path.ts'
import type {
  ApplyOptions,
  DeleteOptions,
  EvictionOptions,
  JsonPatch,
  ListOptions,
  PatchOptions,
  WatchOptions,
} from './types.ts'

const requestTimeoutMs = 30_000

/** A large list takes its time, but not longer than kube-apiserver allows itself. */
const listTimeoutMs = 60_000

export interface Target {
  readonly type: ResourceType
  readonly key: ObjectKey
}

/** The place of an object that is to be written. */
export function targetOf(type: ResourceType, { kind, metadata }: KubeObject): Target {
  const { name, namespace } = metadata
  if (!name) throw new Error(`a ${kind} without a name cannot be addressed`)
  return { type, key: namespace === undefined ? { name } : { namespace, name } }
}

export function getRequest({ type, key }: Target): Exchange {
  return { method: 'GET', path: objectPath(type, key), timeoutMs: requestTimeoutMs }
}

export function listRequest(type: ResourceType, { namespace, signal, ...parameters }: ListOptions): Exchange {
  const path = collectionPath(type, namespace) + query({ ...parameters })
  return { method: 'GET', path, timeoutMs: listTimeoutMs, ...(signal ? { signal } : {}) }
}

export function watchPath(
  type: ResourceType,
  { namespace, signal: _signal, leftOut: _leftOut, ...parameters }: WatchOptions,
): string {
  return collectionPath(type, namespace) + query({ watch: true, allowWatchBookmarks: true, ...parameters })
}

export function createRequest(type: ResourceType, object: KubeObject): Exchange {
  return { method: 'POST', path: collectionPath(type, object.metadata.namespace), ...json(object) }
}

export function replaceRequest(type: ResourceType, object: KubeObject): Exchange {
  const { key } = targetOf(type, object)
  return { method: 'PUT', path: objectPath(type, key), ...json(object) }
}

/** JSON is YAML; forced, because a conflict about a field that we declare has no other answer than ours. */
export function applyRequest(target: Target, object: KubeObject, options: ApplyOptions): Exchange {
  return patch(target, { ...options, force: true }, json(object, 'application/apply-patch+yaml'))
}

export function jsonPatchRequest(target: Target, operations: JsonPatch, options: PatchOptions): Exchange {
  return patch(target, options, json(operations, 'application/json-patch+json'))
}

export function mergePatchRequest(target: Target, changes: object, options: PatchOptions): Exchange {
  return patch(target, options, json(changes, 'application/merge-patch+json'))
}

export function deleteRequest({ type, key }: Target, options: DeleteOptions): Exchange {
  const { uid, resourceVersion, propagation, gracePeriodSeconds } = options
  return {
    method: 'DELETE',
    path: objectPath(type, key),
    ...json({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid, resourceVersion },
      propagationPolicy: propagation,
      gracePeriodSeconds,
    }),
  }
}

/** The Pod that `key` names. */
export function evictionRequest(key: ObjectKey, { uid }: EvictionOptions): Exchange {
  return {
    method: 'POST',
    path: objectPath(pods, key, 'eviction'),
    ...json({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: key,
      deleteOptions: { preconditions: { uid } },
    }),
  }
}

export function probeRequest(path: string, timeoutMs: number = requestTimeoutMs): Exchange {
  return { method: 'GET', path, timeoutMs }
}

function patch(
  { type, key }: Target,
  options: PatchOptions & { readonly force?: boolean },
  payload: Payload,
): Exchange {
  const { subresource, ...parameters } = options
  return { method: 'PATCH', path: objectPath(type, key, subresource) + query(parameters), ...payload }
}

type Payload = Pick<Exchange, 'timeoutMs' | 'contentType' | 'body'>

function json(body: unknown, contentType = 'application/json'): Payload {
  return { timeoutMs: requestTimeoutMs, contentType, body: JSON.stringify(body) }
}

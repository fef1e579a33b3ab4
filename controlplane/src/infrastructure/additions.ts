// What is added to the infrastructure object of a Cluster — core
import { controlPlaneCondition, knownEndpoint } from '@k0smotron-ts/api'
import { type GuardedPatch, guards } from '@k0smotron-ts/runtime'
import { endpointManager } from '../hosted/facts/exposure.ts'
import { type Endpoint, isManagedByUs } from '../hosted/input.ts'
import type { Observed } from '../hosted/observed.ts'
import {
  type FoundInfrastructure,
  type InfrastructureCluster,
  type InfrastructureKind,
  valueAt,
} from './infrastructure-kind.ts'

const { endpointAvailable, infrastructureProvisioned } = controlPlaneCondition

/** One field that gets its value while it has none. */
export interface Addition {
  readonly path: readonly string[]
  readonly value: unknown
  readonly subresource?: 'status'
  readonly isDone: (object: InfrastructureCluster) => boolean
  /** The condition that says so when it is refused. */
  readonly concerns: string
  /** The control plane, and most infrastructure, works without. */
  readonly isOptional: boolean
}

/** In this order: who reads that the infrastructure is there, reads its endpoint too. */
export function additionsTo({ kind, object }: FoundInfrastructure, observed: Observed): readonly Addition[] {
  const { endpoint } = observed.exposure
  if (!endpoint || object.metadata.deletionTimestamp) return []
  const isOurs = isManagedByUs(observed)
  // once the Cluster has an endpoint, a provider reads it there
  const needsEndpoint = kind.hasEndpoint && (isOurs || !observed.endpoints.cluster)
  return [
    ...(needsEndpoint ? [endpointAddition(endpoint, isOurs)] : []),
    ...(isOurs && kind.provisionedPath ? [provisionedAddition(kind, kind.provisionedPath)] : []),
  ]
}

function endpointAddition(endpoint: Endpoint, isOurs: boolean): Addition {
  return {
    path: ['spec', 'controlPlaneEndpoint'],
    value: endpoint,
    isDone: ({ spec }) => knownEndpoint(spec?.controlPlaneEndpoint) !== undefined,
    concerns: endpointAvailable,
    isOptional: !isOurs,
  }
}

function provisionedAddition({ hasStatusSubresource }: InfrastructureKind, path: readonly string[]): Addition {
  return {
    path,
    value: true,
    ...(hasStatusSubresource && { subresource: 'status' }),
    isDone: object => valueAt(object, path) === true,
    concerns: infrastructureProvisioned,
    isOptional: false,
  }
}

/** Refused when the object is another one, or was changed since we looked. */
export function patchOf(object: InfrastructureCluster, { path, value, subresource }: Addition): GuardedPatch {
  return {
    fieldManager: endpointManager,
    ...(subresource && { subresource }),
    operations: [...guards(object), addition(object, path, value)],
  }
}

/** With the parents that are not there. */
function addition(object: object, path: readonly string[], value: unknown): GuardedPatch['operations'][number] {
  const isThere = (depth: number) => typeof (valueAt(object, path.slice(0, depth)) ?? undefined) === 'object'
  const depth = path.findIndex((_, index) => index === path.length - 1 || !isThere(index + 1)) + 1
  const nested = path.slice(depth).reduceRight<unknown>((inner, field) => ({ [field]: inner }), value)
  return { op: 'add', path: `/${path.slice(0, depth).join('/')}`, value: nested }
}

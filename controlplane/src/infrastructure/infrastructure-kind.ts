// What the CRD of an infrastructure kind says about the contract — core
import {
  type APIEndpoint,
  type ContractRef,
  type KubeObject,
  knownEndpoint,
  managedByAnnotation,
  type ResourceType,
} from '@k0smotron-ts/api'
import type { KnownInfrastructure } from '../hosted/input.ts'

/** An infrastructure cluster: what the contract has it say, and whatever else its provider has. */
export interface InfrastructureCluster extends KubeObject {
  readonly spec?: { readonly controlPlaneEndpoint?: APIEndpoint }
  readonly status?: Readonly<Record<string, unknown>>
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec?: { readonly versions?: readonly CRDVersion[] }
}

interface CRDVersion {
  readonly name: string
  readonly schema?: { readonly openAPIV3Schema?: Schema }
  readonly subresources?: { readonly status?: object }
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
}

/** An infrastructure kind as it is served for the contract. */
export interface InfrastructureKind {
  readonly type: ResourceType<InfrastructureCluster>
  readonly hasEndpoint: boolean
  /** Where in an object its contract reads that the infrastructure is there; absent when the schema has no such field. */
  readonly provisionedPath?: readonly string[]
  readonly hasStatusSubresource: boolean
}

export const customResourceDefinitions: ResourceType<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
}

/** As Cluster API core computes it. */
export function crdNameOf({ apiGroup, kind }: ContractRef): string {
  return `${pluralOf(kind)}.${apiGroup}`
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`
}

/** Newest contract first; of one contract's versions, the last in the label's value. */
const contracts = [
  { label: 'cluster.x-k8s.io/v1beta2', provisioned: ['status', 'initialization', 'provisioned'] },
  { label: 'cluster.x-k8s.io/v1beta1', provisioned: ['status', 'ready'] },
] as const

/** Where an object says that it is there: one of these, as its contract has it. */
export const provisionedFields: readonly string[] = contracts.map(({ provisioned }) => provisioned.join('.'))

/** `undefined` when the kind speaks no contract, or not in a version that is served. */
export function infrastructureKind(
  definition: CustomResourceDefinition,
  { apiGroup, kind }: ContractRef,
): InfrastructureKind | undefined {
  const { labels = {} } = definition.metadata
  const contract = contracts.find(({ label }) => labels[label])
  const version = contract && labels[contract.label]?.split('_').at(-1)
  const served = definition.spec?.versions?.find(({ name }) => name === version)
  if (!contract || !version || !served) return undefined
  const schema = served.schema?.openAPIV3Schema ?? {}
  return {
    type: { group: apiGroup, version, kind, plural: pluralOf(kind), namespaced: true },
    hasEndpoint: hasField(schema, ['spec', 'controlPlaneEndpoint']),
    ...(hasField(schema, contract.provisioned) && { provisionedPath: contract.provisioned }),
    hasStatusSubresource: served.subresources?.status !== undefined,
  }
}

/** A field that the schema lacks would be pruned as soon as it is written. */
function hasField(schema: Schema, path: readonly string[]): boolean {
  const [field, ...rest] = path
  if (field === undefined || schema['x-kubernetes-preserve-unknown-fields']) return true
  const inner = schema.properties?.[field]
  return inner !== undefined && hasField(inner, rest)
}

/** What an object has at a path. */
export function valueAt(object: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, field) => (typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined),
    object,
  )
}

export interface FoundInfrastructure {
  readonly kind: InfrastructureKind
  readonly object: InfrastructureCluster
}

/** As the core of a control plane knows it. */
export function knownInfrastructure({ kind, object }: FoundInfrastructure): KnownInfrastructure {
  const { type, provisionedPath } = kind
  const endpoint = knownEndpoint(object.spec?.controlPlaneEndpoint)
  const managedBy = object.metadata.annotations?.[managedByAnnotation]
  return {
    name: `${type.kind} ${object.metadata.name}`,
    ...(endpoint && { endpoint }),
    ...(managedBy !== undefined && { managedBy }),
    isProvisioned: provisionedPath !== undefined && valueAt(object, provisionedPath) === true,
    ...(provisionedPath && { provisionedField: provisionedPath.join('.') }),
  }
}

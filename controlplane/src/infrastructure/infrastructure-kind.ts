// What the CRD of an infrastructure kind says about the contract — core
import type { APIEndpoint, ContractRef, KubeObject, ResourceType } from '@k0smotron-ts/api'

/** An infrastructure cluster: the contract's endpoint, and whatever else its provider has. */
export interface InfrastructureCluster extends KubeObject {
  readonly spec?: { readonly controlPlaneEndpoint?: APIEndpoint }
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec?: { readonly versions?: readonly CRDVersion[] }
}

interface CRDVersion {
  readonly name: string
  readonly schema?: { readonly openAPIV3Schema?: Schema }
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
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
const contracts = ['v1beta2', 'v1beta1'] as const

/** The kind as it is served for the contract; `undefined` when it speaks none, or has no endpoint to fill. */
export function kindWithEndpoint(
  definition: CustomResourceDefinition,
  { apiGroup, kind }: ContractRef,
): ResourceType<InfrastructureCluster> | undefined {
  const { labels = {} } = definition.metadata
  const version = contracts.flatMap(contract => labels[`cluster.x-k8s.io/${contract}`]?.split('_').at(-1) ?? []).at(0)
  const served = definition.spec?.versions?.find(({ name }) => name === version)
  const spec = served?.schema?.openAPIV3Schema?.properties?.spec
  if (version === undefined || !spec?.properties?.controlPlaneEndpoint) return undefined
  return { group: apiGroup, version, kind, plural: pluralOf(kind), namespaced: true }
}

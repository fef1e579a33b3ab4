// What we read of Cluster API's own kinds (contract v1beta2); stands in for a model package that does not exist — core
import type { Condition, KubeObject } from '../meta.ts'
import type { ResourceType } from '../resource.ts'

/** A reference within the namespace, as Cluster API v1beta2 writes it: the version is found on the CRD. */
export interface ContractRef {
  readonly apiGroup: string
  readonly kind: string
  readonly name: string
}

/** `host` and `port` of an API server; Cluster API leaves both empty until known. */
export interface APIEndpoint {
  readonly host?: string
  readonly port?: number
}

export interface Cluster extends KubeObject {
  readonly spec?: {
    readonly paused?: boolean
    readonly controlPlaneEndpoint?: APIEndpoint
    readonly clusterNetwork?: {
      readonly pods?: { readonly cidrBlocks?: readonly string[] }
      readonly services?: { readonly cidrBlocks?: readonly string[] }
      readonly serviceDomain?: string
    }
    readonly controlPlaneRef?: ContractRef
    readonly infrastructureRef?: ContractRef
  }
  readonly status?: {
    readonly initialization?: {
      readonly infrastructureProvisioned?: boolean
      readonly controlPlaneInitialized?: boolean
    }
    readonly conditions?: readonly Condition[]
  }
}

export interface MachineSpec {
  readonly clusterName: string
  readonly version?: string
  readonly providerID?: string
  readonly bootstrap?: { readonly configRef?: ContractRef; readonly dataSecretName?: string }
  readonly infrastructureRef?: ContractRef
}

export interface Machine extends KubeObject {
  readonly spec: MachineSpec
  readonly status?: {
    readonly nodeRef?: { readonly name: string }
    readonly addresses?: readonly { readonly type: string; readonly address: string }[]
    readonly conditions?: readonly Condition[]
  }
}

export interface MachinePool extends KubeObject {
  readonly spec: { readonly clusterName: string; readonly template: { readonly spec: MachineSpec } }
}

const group = { group: 'cluster.x-k8s.io', version: 'v1beta2', namespaced: true } as const

export const clusters: ResourceType<Cluster> = { ...group, kind: 'Cluster', plural: 'clusters' }
export const machines: ResourceType<Machine> = { ...group, kind: 'Machine', plural: 'machines' }
export const machinePools: ResourceType<MachinePool> = { ...group, kind: 'MachinePool', plural: 'machinepools' }

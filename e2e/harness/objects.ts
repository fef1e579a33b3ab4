// Objects as a test writes them, and how they get into a management cluster — shell
import {
  type ContractRef,
  clusters,
  type KubeObject,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
  machines,
  type ResourceType,
} from '@k0smotron-ts/api'
import { type Client, secrets } from '@k0smotron-ts/runtime'
import { labKinds } from '../lab-provider/index.ts'

/** What tests run unless they say otherwise. */
export const version = 'v1.36.3+k0s.1'

/** What a test makes: the rest of it is Kubernetes' business. */
export interface Plain extends KubeObject {
  readonly spec?: object
  readonly status?: { readonly replicas?: number }
  readonly data?: Readonly<Record<string, string>>
}

const cluster = { group: 'cluster.x-k8s.io', version: 'v1beta2', namespaced: true } as const

export const machineDeployments: ResourceType<Plain> = {
  ...cluster,
  kind: 'MachineDeployment',
  plural: 'machinedeployments',
}
export const machineSets: ResourceType<Plain> = { ...cluster, kind: 'MachineSet', plural: 'machinesets' }
export const machinePoolType: ResourceType<Plain> = { ...cluster, kind: 'MachinePool', plural: 'machinepools' }

const creatable: readonly ResourceType[] = [
  clusters,
  machines,
  machineDeployments,
  machinePoolType,
  secrets,
  k0smotronControlPlane,
  k0sWorkerConfig,
  k0sWorkerConfigTemplate,
  ...labKinds,
]

/** Makes each object in the namespace, as `kubectl apply` of one file would. */
export async function make(client: Client, namespace: string, objects: readonly Plain[]): Promise<void> {
  for (const object of objects) {
    const type = creatable.find(({ kind }) => kind === object.kind)
    if (!type) throw new TypeError(`${object.kind} is not among what a test makes`)
    await client.create(type, { ...object, metadata: { namespace, ...object.metadata } })
  }
}

export function refTo({ group: apiGroup, kind }: ResourceType, name: string): ContractRef {
  return { apiGroup, kind, name }
}

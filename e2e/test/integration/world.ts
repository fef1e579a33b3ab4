// What the tests under Cluster API core need of the world — shell
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
import { type AuditEntry, install, type Management, startManagement } from '@k0smotron-ts/hack/testenv'
import { secrets } from '@k0smotron-ts/runtime'
import { labKinds, labManifests } from '../../lab-provider/index.ts'

/** Cluster API core itself, and the kinds of the lab. */
export async function startWorld(options: { readonly kwok?: boolean } = {}): Promise<Management> {
  const world = await startManagement({ clusterApi: true, ...options })
  try {
    await install(world.client, labManifests('k0smotron'))
  } catch (error) {
    await world[Symbol.asyncDispose]()
    throw error
  }
  return world
}

/** The requests of one of the providers. */
export const by =
  (account: string) =>
  ({ user }: AuditEntry): boolean =>
    user === `system:serviceaccount:k0smotron:${account}`

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
export async function make({ client }: Management, namespace: string, objects: readonly Plain[]): Promise<void> {
  for (const object of objects) {
    const type = creatable.find(({ kind }) => kind === object.kind)
    if (!type) throw new TypeError(`${object.kind} is not among what a test makes`)
    await client.create(type, { ...object, metadata: { namespace, ...object.metadata } })
  }
}

export function refTo({ group: apiGroup, kind }: ResourceType, name: string): ContractRef {
  return { apiGroup, kind, name }
}

/** What there is of these kinds, as `Kind name`. */
export async function listed(
  { client }: Management,
  namespace: string,
  types: readonly ResourceType[],
): Promise<readonly string[]> {
  const lists = await Promise.all(types.map(type => client.list(type, { namespace })))
  return lists.flatMap(({ items }, index) => items.map(({ metadata }) => `${types[index]?.kind} ${metadata.name}`))
}
